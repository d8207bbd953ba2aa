import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { basename, join, relative } from "node:path"

const leftoverAgeMs = 60 * 60 * 1000

/** Native, or read files beside themselves, or start threads from them: they stay where they are installed and are loaded from there. */
const installedPackages = ["better-sqlite3", "dockerode", "next", "pg", "pino", "thread-stream"]

const slashes = (path) => path.replaceAll("\\", "/")

/** Resolves those packages, and their subpaths, from whoever imports them, to a path that the bundle can load. */
function installed(dist, names) {
  const filter = new RegExp(`^(${names.join("|")})(/.*)?$`)
  return {
    name: "installed",
    setup(bundler) {
      bundler.onResolve({ filter }, async ({ path, pluginData, ...from }) => {
        if (pluginData === "resolved") return undefined
        const found = await bundler.resolve(path, { ...from, pluginData: "resolved" })
        if (found.errors.length > 0) return found
        const place = slashes(relative(dist, found.path))
        return { path: place.startsWith(".") ? place : `./${place}`, external: true }
      })
    },
  }
}

/** The list of public suffixes takes longer to load than everything else, and only a token server under another name asks for it. */
const onDemand = (dist) => ({
  name: "on-demand",
  setup(bundler) {
    bundler.onResolve({ filter: /^tldts$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === "resolved") return undefined
      const found = await bundler.resolve(path, { ...from, kind: "require-call", pluginData: "resolved" })
      return found.errors.length > 0 ? found : { path: found.path, namespace: "on-demand" }
    })
    bundler.onLoad({ filter: /.*/, namespace: "on-demand" }, ({ path }) => ({
      contents: `export const getDomain = (...given) => require(${JSON.stringify(slashes(relative(dist, path)))}).getDomain(...given)`,
      resolveDir: dist,
    }))
    bundler.onResolve({ filter: /\/tldts\// }, ({ path }) => ({ path, external: true }))
  },
})

/** zod brings its messages in fifty languages; ours are our own. */
const oneLanguage = {
  name: "one-language",
  setup(bundler) {
    bundler.onResolve({ filter: /\/locales\/index\.js$/ }, ({ path, importer }) =>
      /\/zod\/v4\//.test(slashes(importer)) ? { path, namespace: "one-language", sideEffects: false } : undefined,
    )
    bundler.onLoad({ filter: /.*/, namespace: "one-language" }, () => ({ contents: "export {}" }))
  },
}

/** Our own modules do nothing when they are imported, so what is not used is left out of the chunk. */
const pure = {
  name: "pure",
  setup(bundler) {
    const places = new Map()
    const isInstalled = (path) => path.includes("node_modules")
    // Asking esbuild where a module is takes it milliseconds, and our own name their files as they are.
    bundler.onResolve({ filter: /^\.{1,2}\/.*\.tsx?$/ }, ({ path, resolveDir }) =>
      isInstalled(resolveDir) ? undefined : { path: join(resolveDir, path), sideEffects: false },
    )
    bundler.onResolve({ filter: /^@entrepot\// }, async ({ path, pluginData, ...from }) => {
      if (pluginData === "resolved") return undefined
      const place = `${from.kind} ${path}`
      const found = places.get(place) ?? (await bundler.resolve(path, { ...from, pluginData: "resolved" }))
      if (found.errors.length === 0) places.set(place, found)
      return isInstalled(found.path) ? found : { ...found, sideEffects: false }
    })
  },
}

/** What an earlier build left behind: chunks nobody refers to any more, after a time in which whoever still runs is done. */
async function sweep(dist, current) {
  for (const name of await readdir(dist)) {
    if (current.has(name)) continue
    const path = join(dist, name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile() && Date.now() - found.mtimeMs > leftoverAgeMs) await rm(path, { force: true })
  }
}

/**
 * Bundles a program for Node with everything it imports into the folder `dist`, as `<name>.js` for each of `entries` (name → source file below the
 * root). Chunks are named by their content and the entries come last, each by a rename, so that two builds at once, or a build beside a running
 * program, do not disturb each other. `external` names further packages that stay where they are installed; esbuild is the one that is installed
 * at the root. Returns false, with the reason on stderr, when it cannot.
 */
export async function bundle({ root, entries, dist = join(root, "dist"), external = [] }) {
  const started = new Date()
  let esbuild
  try {
    esbuild = createRequire(join(root, "package.json"))("esbuild")
  } catch {
    process.stderr.write("entrepot: esbuild is missing; run `npx -y pnpm@12 install` in the repository first\n")
    return false
  }
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: Object.entries(entries).map(([out, source]) => ({ in: join(root, source), out })),
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
      plugins: [installed(dist, [...installedPackages, ...external]), onDemand(dist), oneLanguage, pure],
      // CommonJS packages inside the bundle call require for Node's own modules.
      banner: { js: 'import{createRequire as $require}from"node:module";const require=$require(import.meta.url);' },
    })
    await mkdir(dist, { recursive: true })
    const names = new Set(Object.keys(entries).map((name) => `${name}.js`))
    const isEntry = ({ path }) => Number(names.has(basename(path)))
    for (const { path, contents } of outputFiles.toSorted((a, b) => isEntry(a) - isEntry(b))) {
      const temporary = `${path}.${process.pid}.tmp`
      await writeFile(temporary, contents)
      // A source file saved while this build ran must count as newer than its result.
      await utimes(temporary, started, started)
      await rename(temporary, path)
    }
    await sweep(dist, new Set(outputFiles.map(({ path }) => basename(path))))
    return true
  } catch (error) {
    // esbuild has printed its own findings, with file and line.
    if (!(error instanceof Error && "errors" in error)) process.stderr.write(`entrepot: ${String(error)}\n`)
    return false
  }
}
