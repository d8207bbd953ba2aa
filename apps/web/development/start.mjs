import { fileURLToPath } from "node:url"
import { bundle } from "../../../build/bundle.mjs"

// `pnpm dev`. Bundles what stands beside this file, which is TypeScript, and runs it.
const root = fileURLToPath(new URL("..", import.meta.url))
const entries = { server: "src/server.ts", development: "development/develop.ts" }
const rebuild = () => bundle({ root, entries, external: ["esbuild"] })

if (await rebuild()) {
  const { develop } = await import("../dist/development.js")
  try {
    await develop({ webDirectory: root, rebuild })
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
} else process.exitCode = 1
