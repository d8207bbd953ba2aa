import { fileURLToPath } from "node:url"
import type { Plugin } from "esbuild"

/** Native, or reading files beside themselves, or there for tests alone: they stay where they are installed. */
const installed: Plugin = {
  name: "installed",
  setup(bundler) {
    bundler.onResolve(
      { filter: /^(better-sqlite3|dockerode|pg|pino|esbuild|vitest)$/ },
      async ({ path, pluginData, ...from }) => {
        if (pluginData === "resolved") return undefined
        const found = await bundler.resolve(path, { ...from, pluginData: "resolved" })
        return { path: found.errors.length > 0 ? path : found.path, external: true }
      },
    )
  },
}

/**
 * Makes a TypeScript program, given as `new URL("./x.fixture.ts", import.meta.url)`, runnable by this Node: a process of its own then starts as
 * fast as Node does. `outfile` ends in `.mjs`; what is native is loaded from where the program's package has it.
 */
export async function buildProgram(program: URL, outfile: string): Promise<string> {
  const { build } = await import("esbuild")
  await build({
    entryPoints: [fileURLToPath(program)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
    plugins: [installed],
    // CommonJS packages inside the bundle call require for Node's own modules.
    banner: { js: 'import{createRequire as $require}from"node:module";const require=$require(import.meta.url);' },
  })
  return outfile
}
