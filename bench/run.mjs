import { mkdtempSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

/** Native, or reading files beside themselves: they stay where they are installed. */
const installed = {
  name: "installed",
  setup(bundler) {
    bundler.onResolve({ filter: /^(better-sqlite3|dockerode|esbuild|pg|pino)$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === "resolved") return undefined
      const found = await bundler.resolve(path, { ...from, pluginData: "resolved" })
      return found.errors.length > 0 ? found : { path: found.path, external: true }
    })
  },
}

// The bench is TypeScript like everything else, and Node 20 runs JavaScript only: esbuild makes programs of it.
const { build } = createRequire(new URL("../packages/cli/package.json", import.meta.url))("esbuild")
const directory = mkdtempSync(join(tmpdir(), "entrepot-bench-"))
process.once("exit", () => rmSync(directory, { recursive: true, force: true }))
const source = (path) => fileURLToPath(new URL(`./src/${path}`, import.meta.url))
const application = {
  follow: source("app/follow.ts"),
  serve: source("../../packages/server/src/e2e/server-program.fixture.ts"),
}
await build({
  entryPoints: { bench: source("main.ts"), ...(["app", "registry"].includes(process.argv[2]) ? application : {}) },
  outdir: directory,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "error",
  plugins: [installed],
  // CommonJS packages inside the bundle call require for Node's own modules.
  banner: { js: 'import{createRequire as $require}from"node:module";const require=$require(import.meta.url);' },
})
const { main } = await import(pathToFileURL(join(directory, "bench.mjs")).href)
await main(process.argv.slice(2), fileURLToPath(new URL("..", import.meta.url)))
// Bytes that a killed peer left in a link model must not keep it running.
process.exit()
