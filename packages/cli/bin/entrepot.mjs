#!/usr/bin/env node
import { readdirSync, statSync } from "node:fs"
import { fileURLToPath } from "node:url"

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`entrepot: Node ${process.versions.node} is too old; version 20.19 or newer is needed\n`)
  process.exit(1)
}

// Plain JavaScript, because it runs before anything is built. It must stay cheap: every start pays for it.
const root = fileURLToPath(new URL("..", import.meta.url))
const bundle = new URL("../dist/main.js", import.meta.url)
const sources = ["src", ...["client", "core", "db", "registry", "server"].map((name) => `../${name}/src`)]
const inputs = [...sources, "build.mjs", "../../build/bundle.mjs", "../../pnpm-lock.yaml"]

/** Whether the file, or a source file below the folder, was changed after `time`. Places that do not exist are not newer. */
function isNewer(path, time) {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && (found.isDirectory() ? hasNewer(path, time) : found.mtimeMs > time)
}

function hasNewer(folder, time) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return hasNewer(path, time)
    return entry.name.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(entry.name) && isNewer(path, time)
  })
}

const built = statSync(bundle, { throwIfNoEntry: false })
if (built === undefined || inputs.some((input) => isNewer(root + input, built.mtimeMs))) {
  process.stderr.write(`entrepot: ${built === undefined ? "first run" : "the source has changed"}, building …\n`)
  const { build } = await import("../build.mjs")
  if (!(await build())) {
    process.stderr.write(`entrepot: could not be built from ${root}\n`)
    process.exit(1)
  }
}

const { main } = await import(bundle.href)
await main()
