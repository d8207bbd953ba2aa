import { existsSync } from "node:fs"
import { cp, lstat, mkdir, readdir, readFile, readlink, symlink } from "node:fs/promises"
import { Server } from "node:http"
import { createRequire } from "node:module"
import { dirname, join, relative, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"

// node docker/production-tree.mjs DIRECTORY: copies what the built server and command line load, laid out like the repository, and nothing else.

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "")
const out = resolve(process.argv[2] ?? "dist/production")
const web = join(root, "apps/web")
const next = createRequire(join(web, "package.json"))
const { nodeFileTrace } = next("next/dist/compiled/@vercel/nft")

/** For building and for optimising pictures, which is switched off. */
const notServed = /\/(?:@next\/swc-|next\/dist\/compiled\/@vercel\/nft|node_modules\/(?:typescript|sharp)\/|@img\/)/

/** Files of installed packages that the bundles in a folder load by path. */
async function loadedBy(dist) {
  const found = new Set()
  for (const name of await readdir(dist)) {
    if (!name.endsWith(".js")) continue
    const text = await readFile(join(dist, name), "utf8")
    for (const [, path] of text.matchAll(/["'`](\.\.?\/[^"'`\s]*node_modules\/[^"'`\s]+)["'`]/g)) found.add(resolve(dist, path))
  }
  // The bundler also names what it took into the bundle, relative to another folder.
  return [...found].filter((path) => existsSync(path))
}

/** What Next found its own server and the pages to load, while it built them. */
async function tracedByNext(folder) {
  const files = []
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.name.endsWith(".nft.json")) continue
    const list = JSON.parse(await readFile(join(entry.parentPath, entry.name), "utf8"))
    files.push(...list.files.map((file) => resolve(entry.parentPath, file)))
  }
  return files
}

/** What Next loads before the first request, which its own traces leave out. */
async function loadedByNext(directory) {
  const { config } = JSON.parse(await readFile(join(directory, ".next/required-server-files.json"), "utf8"))
  Object.assign(process.env, { NODE_ENV: "production", __NEXT_PRIVATE_STANDALONE_CONFIG: JSON.stringify(config) })
  const app = next("next")({ dev: false, dir: directory, httpServer: new Server(), quiet: true })
  await app.prepare()
  await app.close()
  const files = Object.keys(next.cache).filter((path) => path.startsWith(root))
  // A folder's package.json names its main file.
  const manifests = files.map((path) => join(dirname(path), "package.json")).filter((path) => existsSync(path))
  return [...files, ...manifests]
}

const copied = new Set()

/** Copies one file, or a folder where that is `wanted`; links on the way to it are made anew, and followed. */
async function take(path, wanted = "file") {
  const parts = relative(root, path).split(sep)
  let place = root
  for (const [index, part] of parts.entries()) {
    place = join(place, part)
    if ((await lstat(place)).isSymbolicLink()) {
      const target = await readlink(place)
      await once(place, (to) => symlink(target, to))
      return take(join(resolve(dirname(place), target), ...parts.slice(index + 1)), wanted)
    }
  }
  if (wanted === "file" && (await lstat(path)).isDirectory()) return
  await once(path, (to) => cp(path, to, { recursive: true }))
}

async function once(path, make) {
  if (copied.has(path)) return
  copied.add(path)
  const to = join(out, relative(root, path))
  await mkdir(dirname(to), { recursive: true })
  await make(to)
}

const programs = ["apps/web", "packages/cli"].map((folder) => join(root, folder))
const loaded = (await Promise.all(programs.map((folder) => loadedBy(join(folder, "dist"))))).flat()
const isNext = (path) => path.includes("/node_modules/next/")
const traced = await nodeFileTrace(
  loaded.filter((path) => !isNext(path)),
  { base: root, ignore: (path) => notServed.test(`/${path}`) },
)
const files = [
  ...[...traced.fileList].map((file) => join(root, file)),
  ...(await loadedByNext(web)),
  ...(await tracedByNext(join(web, ".next"))),
]
for (const file of files) if (!notServed.test(file)) await take(file)
for (const folder of programs) {
  await take(join(folder, "package.json"))
  await take(join(folder, "dist"), "folder")
}
await take(join(root, "packages/cli/bin"), "folder")
await take(join(root, "LICENSE"))
for (const name of await readdir(join(web, ".next"))) {
  if (!["cache", "dev", "diagnostics", "standalone", "trace", "trace-build", "types"].includes(name))
    await take(join(web, ".next", name), "folder")
}
