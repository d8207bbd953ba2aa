import { readdir, readFile, rename, stat, writeFile } from "node:fs/promises"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { brotliCompress, constants, gzip } from "node:zlib"
import { bundle } from "../../build/bundle.mjs"

const root = fileURLToPath(new URL(".", import.meta.url))

/** Those that src/read-built-files.ts looks for. */
const variants = [
  [".br", (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })],
  [".gz", (content) => promisify(gzip)(content, { level: 9 })],
]

/** Puts a compressed variant beside each file that the pages serve as it stands, where that is smaller and not there yet. */
async function compressFiles(build) {
  const waiting = [...(await filesIn(join(build, "static"))), ...(await filesIn(join(build, "server/app")))].filter(
    (file) => !/\.(?:br|gz)$/.test(file) && (file.startsWith(join(build, "static")) || file.endsWith(".body")),
  )
  const work = async () => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) await compress(file)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
}

async function compress(file) {
  const { mtimeMs } = await stat(file)
  for (const [ending, make] of variants) {
    const made = await stat(`${file}${ending}`).catch(() => undefined)
    if (made !== undefined && made.mtimeMs >= mtimeMs) continue
    const content = await readFile(file)
    const smaller = await make(content)
    if (smaller.length >= content.length) continue
    // Two builds at once must not read each other's halves.
    const temporary = `${file}${ending}.${process.pid}.tmp`
    await writeFile(temporary, smaller)
    await rename(temporary, `${file}${ending}`)
  }
}

/** Files below a folder; none where the pages are not built. */
async function filesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

if (await bundle({ root, entries: { server: "src/server.ts" } })) await compressFiles(join(root, ".next"))
else process.exitCode = 1
