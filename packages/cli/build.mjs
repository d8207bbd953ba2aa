import { fileURLToPath, pathToFileURL } from "node:url"
import { bundle } from "../../build/bundle.mjs"

const root = fileURLToPath(new URL(".", import.meta.url))

/** Bundles the command line into dist/, and beside it the thread that records what it does. Returns false, with the reason on stderr, when it cannot. */
export function build() {
  return bundle({ root, entries: { main: "src/main.ts", "record-worker": "src/record-worker.ts" } })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = (await build()) ? 0 : 1
