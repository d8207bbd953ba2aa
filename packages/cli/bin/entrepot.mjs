#!/usr/bin/env node
import { readdirSync, statSync } from "node:fs"
import { fileURLToPath } from "node:url"

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`entrepot: Node ${process.versions.node} is too old; version 20.19 or newer is needed\n`)
  process.exit(1)
}

// Plain JavaScript, because it runs before anything is built. It must stay cheap: every start pays for it.
const bundle = new URL("../dist/main.js", import.meta.url)
const inputs = ["../src/", "../../core/src/", "../build.mjs", "../../../pnpm-lock.yaml"]

/** Whether the file, or a source file below the folder, was changed after `time`. Places that do not exist are not newer. */
function isNewer(url, time) {
  let found
  try {
    found = statSync(url, { throwIfNoEntry: false })
    if (found?.isDirectory()) {
      return readdirSync(url, { withFileTypes: true }).some((entry) => {
        if (entry.isDirectory()) return isNewer(new URL(`${entry.name}/`, url), time)
        return entry.name.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(entry.name) && isNewer(new URL(entry.name, url), time)
      })
    }
  } catch {
    return false
  }
  return found !== undefined && found.mtimeMs > time
}

const built = statSync(bundle, { throwIfNoEntry: false })
if (built === undefined || inputs.some((input) => isNewer(new URL(input, import.meta.url), built.mtimeMs))) {
  process.stderr.write(`entrepot: ${built === undefined ? "first run" : "the source has changed"}, building …\n`)
  const { build } = await import("../build.mjs")
  if (!(await build())) {
    process.stderr.write(`entrepot: could not be built from ${fileURLToPath(new URL("..", import.meta.url))}\n`)
    process.exit(1)
  }
}

const { main } = await import(bundle.href)
await main()
