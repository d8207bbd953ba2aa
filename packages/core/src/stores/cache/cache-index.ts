import { readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { TransferError } from "../../errors/transfer-error.ts"
import { withFileLock } from "../files/file-lock.ts"
import { localIoError, systemCode } from "../files/local-io-error.ts"
import { writeFileAtomically } from "../files/write-file-atomically.ts"

/** A blob as the cache's `index.json` names it. `path` is relative to the cache directory. */
export interface CacheIndexBlob {
  readonly digest: string
  readonly size: number
  readonly path: string
  readonly is_config: boolean
  readonly compressed: boolean
  readonly media_type: string
}

/** One image of the cache. For a multi-platform index, `blobs` is the union over its children and `config_digest` the first child's. */
export interface CacheIndexEntry {
  readonly repository: string
  readonly reference: string
  /** Relative to the cache directory. */
  readonly manifest_path: string
  readonly config_digest: string
  /** Keyed by digest. */
  readonly blobs: Readonly<Record<string, CacheIndexBlob>>
}

/** Keyed by `{repository}/{reference}`. */
export type CacheIndex = Readonly<Record<string, CacheIndexEntry>>

const limitBytes = 256 * 1024 * 1024

/** Key of an entry in `index.json`. */
export function cacheKey(repository: string, reference: string): string {
  return `${repository}/${reference}`
}

/** Where unfinished files of a cache stand: beside the tree, on the same file system. */
export function cachePartialDirectory(directory: string): string {
  return join(directory, ".partial")
}

/** Empty where there is no cache yet. @throws TransferError `archive_invalid` for a damaged one. */
export async function readCacheIndex(directory: string): Promise<CacheIndex> {
  const path = join(directory, "index.json")
  let bytes: Buffer
  try {
    const { size } = await stat(path)
    if (size > limitBytes)
      throw new TransferError("too_large", `${path} has ${size} bytes, more than ${limitBytes}`, { host: directory })
    bytes = await readFile(path)
  } catch (error) {
    if (systemCode(error) === "ENOENT") return {}
    throw localIoError(error, path)
  }
  try {
    const json: unknown = JSON.parse(bytes.toString("utf8"))
    if (isObject(json) && Object.values(json).every(isEntry)) return json as CacheIndex
  } catch (cause) {
    throw damaged(path, directory, cause)
  }
  throw damaged(path, directory)
}

/** Changes the index while no other process does. `change` may also work on the files that the index speaks of. */
export async function updateCacheIndex(
  directory: string,
  change: (index: CacheIndex) => Promise<CacheIndex>,
  signal?: AbortSignal,
): Promise<void> {
  await withFileLock(
    directory,
    "index.json",
    async () => {
      const before = await readCacheIndex(directory)
      const after = await change(before)
      if (after === before) return
      const bytes = Buffer.from(`${JSON.stringify(after, undefined, 2)}\n`)
      await writeFileAtomically(join(directory, "index.json"), bytes, { temporaryDirectory: cachePartialDirectory(directory) })
    },
    { signal },
  )
}

function damaged(path: string, directory: string, cause?: unknown): TransferError {
  return new TransferError("archive_invalid", `${path} is not the index of a cache`, {
    host: directory,
    hint: "remove the cache directory, or name another one with --cache-dir",
    cause,
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function isEntry(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.repository === "string" &&
    typeof value.reference === "string" &&
    isObject(value.blobs) &&
    Object.values(value.blobs).every((blob) => isObject(blob) && typeof blob.digest === "string" && typeof blob.size === "number")
  )
}
