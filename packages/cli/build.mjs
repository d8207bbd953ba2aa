import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { basename, join, relative } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const root = fileURLToPath(new URL(".", import.meta.url))
const dist = join(root, "dist")
const leftoverAgeMs = 60 * 60 * 1000

/** dockerode reads files beside itself and has native optional parts: it stays where it is installed and is loaded from there when needed. */
const installed = {
  name: "installed",
  setup(bundler) {
    const core = createRequire(join(root, "../core/package.json"))
    bundler.onResolve({ filter: /^dockerode$/ }, ({ path }) => ({
      path: relative(dist, core.resolve(path)).replaceAll("\\", "/"),
      external: true,
    }))
  },
}

/** The list of public suffixes takes longer to load than everything else, and only a token server under another name asks for it. */
const onDemand = {
  name: "on-demand",
  setup(bundler) {
    const path = relative(dist, createRequire(join(root, "../core/package.json")).resolve("tldts")).replaceAll("\\", "/")
    bundler.onResolve({ filter: /^tldts$/ }, () => ({ path: "tldts", namespace: "on-demand" }))
    bundler.onLoad({ filter: /.*/, namespace: "on-demand" }, () => ({
      contents: `export const getDomain = (...given) => require(${JSON.stringify(path)}).getDomain(...given)`,
      resolveDir: dist,
    }))
    bundler.onResolve({ filter: /\/tldts\// }, ({ path }) => ({ path, external: true }))
  },
}

/** Our own modules do nothing when they are imported, so what is not used is left out of the chunk. */
const pure = {
  name: "pure",
  setup(bundler) {
    bundler.onResolve({ filter: /^(@entrepot\/|\.)/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === "resolved") return undefined
      const found = await bundler.resolve(path, { ...from, pluginData: "resolved" })
      return found.path.includes("node_modules") ? found : { ...found, sideEffects: false }
    })
  },
}

/** What a run of the executable leaves behind when it is replaced: chunks nobody refers to any more, after a time in which whoever still runs is done. */
async function sweep(current) {
  for (const name of await readdir(dist)) {
    if (current.has(name)) continue
    const path = join(dist, name)
    const found = await stat(path).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > leftoverAgeMs) await rm(path, { force: true })
  }
}

/**
 * Bundles the command line with core into dist/. Chunks are named by their content and the entry comes last, each by a rename, so that two
 * builds at once, or a build beside a running executable, do not disturb each other. Returns false, with the reason on stderr, when it cannot.
 */
export async function build() {
  const started = new Date()
  let esbuild
  try {
    esbuild = await import("esbuild")
  } catch {
    process.stderr.write("entrepot: esbuild is missing; run `npx -y pnpm@12 install` in the repository first\n")
    return false
  }
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [join(root, "src/main.ts")],
      outdir: dist,
      absWorkingDir: root,
      bundle: true,
      splitting: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "node20",
      chunkNames: "[name]-[hash]",
      logLevel: "warning",
      logOverride: { "ignored-bare-import": "silent" },
      minifySyntax: true,
      minifyWhitespace: true,
      keepNames: true,
      plugins: [installed, onDemand, pure],
      // CommonJS packages inside the bundle call require for Node's own modules.
      banner: { js: 'import{createRequire as $require}from"node:module";const require=$require(import.meta.url);' },
    })
    await mkdir(dist, { recursive: true })
    const entryLast = outputFiles.toSorted((a, b) => Number(a.path.endsWith("main.js")) - Number(b.path.endsWith("main.js")))
    for (const { path, contents } of entryLast) {
      const temporary = `${path}.${process.pid}.tmp`
      await writeFile(temporary, contents)
      // A source file saved while this build ran must count as newer than its result.
      await utimes(temporary, started, started)
      await rename(temporary, path)
    }
    await sweep(new Set(outputFiles.map(({ path }) => basename(path))))
    return true
  } catch (error) {
    // esbuild has printed its own findings, with file and line.
    if (!(error instanceof Error && "errors" in error)) process.stderr.write(`entrepot: ${String(error)}\n`)
    return false
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = (await build()) ? 0 : 1
