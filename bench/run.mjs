import { mkdtempSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

// The bench is TypeScript like everything else, and Node 20 runs JavaScript only: esbuild makes one file of it.
const { build } = createRequire(new URL("../packages/cli/package.json", import.meta.url))("esbuild")
const directory = mkdtempSync(join(tmpdir(), "entrepot-bench-"))
process.once("exit", () => rmSync(directory, { recursive: true, force: true }))
const outfile = join(directory, "bench.mjs")
await build({
  entryPoints: [fileURLToPath(new URL("./src/main.ts", import.meta.url))],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "error",
})
const { main } = await import(pathToFileURL(outfile).href)
await main(process.argv.slice(2), fileURLToPath(new URL("..", import.meta.url)))
// Bytes that a killed peer left in a link model must not keep it running.
process.exit()
