import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { extname, join, relative, sep } from "node:path"
import type { Encoding } from "@entrepot/server"

/** A file of the pages, as it is sent. */
export interface BuiltFile {
  readonly contentType: string
  /** Its address changes with its content. */
  readonly immutable: boolean
  /** Without quotes; each coding adds its own name. */
  readonly tag: string
  /** `identity` always, others where they are smaller. */
  readonly bodies: ReadonlyMap<Encoding, Buffer>
}

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".webp": "image/webp",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
}

/** Endings of the variants that build.mjs puts beside files. */
const variants = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const

/** What Next writes a file of the app folder (`icon.svg`) as. */
const bodyEnding = ".body"

/**
 * Reads everything that a build of the pages serves as it stands, by the path of its address: `/_next/static/…`, and files like `/icon.svg`. All of
 * it is kept, a few megabytes, so that a request names an entry of this table and never a file.
 */
export async function readBuiltFiles(buildDirectory: string): Promise<ReadonlyMap<string, BuiltFile>> {
  const fixed = join(buildDirectory, "static")
  const app = join(buildDirectory, "server/app")
  const files = new Map<string, BuiltFile>()
  await Promise.all([
    ...(await filesIn(fixed)).map(async (file) => {
      files.set(`/_next/static/${addressOf(fixed, file)}`, await readBuilt(file, extname(file), true))
    }),
    ...(await filesIn(app)).map(async (file) => {
      if (!file.endsWith(bodyEnding)) return
      const name = file.slice(0, -bodyEnding.length)
      files.set(`/${addressOf(app, name)}`, await readBuilt(file, extname(name), false))
    }),
  ])
  return files
}

function addressOf(root: string, file: string): string {
  return relative(root, file).split(sep).join("/")
}

/** Files below a folder, without the variants. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const all = new Set(entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)))
  const isVariant = (file: string) =>
    variants.some(([, ending]) => file.endsWith(ending) && all.has(file.slice(0, -ending.length)))
  return [...all].filter((file) => !isVariant(file))
}

async function readBuilt(file: string, extension: string, immutable: boolean): Promise<BuiltFile> {
  const identity = await readFile(file)
  const bodies = new Map<Encoding, Buffer>()
  for (const [encoding, ending] of variants) {
    const body = await readFile(`${file}${ending}`).catch(() => undefined)
    if (body !== undefined && body.length < identity.length) bodies.set(encoding, body)
  }
  bodies.set("identity", identity)
  const tag = createHash("sha256").update(identity).digest("base64url").slice(0, 22)
  return { contentType: contentTypes[extension] ?? "application/octet-stream", immutable, tag, bodies }
}
