import { fileURLToPath } from "node:url"
import { bundle } from "../../build/bundle.mjs"

const root = fileURLToPath(new URL(".", import.meta.url))
process.exitCode = (await bundle({ root, entries: { server: "src/server.ts" } })) ? 0 : 1
