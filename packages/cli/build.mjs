import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { bundle } from "../../build/bundle.mjs"

const root = fileURLToPath(new URL(".", import.meta.url))

/**
 * Bundles the command line into dist/. The thread that records what it does has a bundle of its own, and first, since whoever finds the command line
 * takes both for built: with parts in common it would load many times what it needs. Returns false, with the reason on stderr, when it cannot.
 */
export async function build() {
  const isBuilt = await bundle({ root, entries: { "record-worker": "src/record-worker.ts" }, dist: join(root, "dist/recorder") })
  return isBuilt && (await bundle({ root, entries: { main: "src/main.ts" } }))
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = (await build()) ? 0 : 1
