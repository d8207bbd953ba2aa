import { rmdir, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Digest } from "../../content/digest.ts"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import { localIoError, systemCode } from "../files/local-io-error.ts"
import { type CacheIndex, cacheKey, updateCacheIndex } from "./cache-index.ts"
import { earliestLease } from "./cache-lease.ts"
import {
  cacheManifestPath,
  collectCacheManifests,
  deleteCacheManifest,
  listCacheManifests,
  readCacheManifest,
} from "./cache-manifests.ts"
import { openCacheBlobs } from "./cache-store.ts"

/** Which images are to go. */
export interface CleanOptions {
  /** Every image. */
  readonly all?: boolean
  /** The images of this repository. */
  readonly repository?: string
  /** With `repository`: only this tag or digest. */
  readonly reference?: string
  readonly signal?: AbortSignal | undefined
}

/** What went. */
export interface CleanResult {
  /** Images that went, as `repository/reference`. */
  readonly removed: readonly string[]
  /** Bytes of the files that went. */
  readonly freedBytes: number
}

/**
 * Removes images from the cache, and then everything that belongs to none: manifests, blobs, unfinished downloads. Without a choice, only
 * the latter. What another process is fetching at the moment stays.
 * @throws TransferError `usage` for a reference without repository, `not_found` for an image that is not there, `archive_invalid`.
 */
export async function cleanCache(directory: string, options: CleanOptions = {}): Promise<CleanResult> {
  if (options.reference !== undefined && options.repository === undefined) {
    throw new TransferError("usage", "a reference alone does not say which image is to go", { hint: "give its repository too" })
  }
  if (!(await exists(directory))) return { removed: [], freedBytes: 0 }
  const removed: string[] = []
  let freedBytes = 0
  await updateCacheIndex(
    directory,
    async (index) => {
      const kept = dropEntries(index, options, directory)
      removed.push(...Object.keys(index).filter((key) => !(key in kept)))
      freedBytes += await removeUnreachable(directory, kept)
      return removed.length === 0 ? index : kept
    },
    options.signal,
  )
  return { removed, freedBytes: freedBytes + (await openCacheBlobs(directory).sweep()) }
}

function dropEntries(index: CacheIndex, { all, repository, reference }: CleanOptions, directory: string): CacheIndex {
  if (all) return {}
  if (repository === undefined) return index
  const isDropped = (entry: { repository: string; reference: string }) =>
    entry.repository === repository && (reference === undefined || entry.reference === reference)
  const kept = Object.entries(index).filter(([, entry]) => !isDropped(entry))
  if (kept.length === Object.keys(index).length) {
    const name = reference === undefined ? repository : `${repository}:${reference}`
    throw new TransferError("not_found", `the cache has no ${name}`, { host: directory, hint: "`list` shows what the cache has" })
  }
  return Object.fromEntries(kept)
}

/** Called under the index lock, so that no writer begins meanwhile. */
async function removeUnreachable(directory: string, index: CacheIndex): Promise<number> {
  const { manifests, blobs: keptBlobs } = await findReachable(directory, index)
  const writing = (await earliestLease(directory)) ?? Number.POSITIVE_INFINITY
  let freed = 0
  for await (const { repository, reference } of listCacheManifests(directory)) {
    if (manifests.has(cacheKey(repository, reference))) continue
    const path = join(directory, cacheManifestPath(repository, reference))
    if (((await stat(path).catch(() => undefined))?.mtimeMs ?? 0) >= writing) continue
    freed += await deleteCacheManifest(directory, repository, reference)
    await removeEmptyDirectories(dirname(path), join(directory, "manifests"))
  }
  const blobs = openCacheBlobs(directory)
  for await (const { digest, size, modifiedMs } of blobs.list()) {
    if (keptBlobs.has(digest) || modifiedMs >= writing) continue
    await blobs.delete(digest)
    freed += size
  }
  return freed
}

async function findReachable(directory: string, index: CacheIndex): Promise<{ manifests: Set<string>; blobs: Set<Digest> }> {
  const manifests = new Set<string>()
  const blobs = new Set<Digest>()
  for (const { repository, reference, blobs: noted } of Object.values(index)) {
    manifests.add(cacheKey(repository, reference))
    for (const digest of Object.keys(noted)) blobs.add(digest)
    for (const { raw } of await collect(directory, repository, reference))
      manifests.add(cacheKey(repository, raw.descriptor.digest))
  }
  return { manifests, blobs }
}

/** A damaged manifest leads to no others. */
async function collect(directory: string, repository: string, reference: string) {
  try {
    const found = await readCacheManifest(directory, repository, reference)
    return found === undefined ? [] : await collectCacheManifests(directory, repository, found.raw)
  } catch (error) {
    if (isTransferError(error) && error.code !== "local_io") return []
    throw error
  }
}

async function removeEmptyDirectories(from: string, root: string): Promise<void> {
  for (let directory = from; directory.startsWith(`${root}/`); directory = dirname(directory)) {
    try {
      await rmdir(directory)
    } catch {
      return
    }
  }
}

async function exists(directory: string): Promise<boolean> {
  try {
    return (await stat(directory)).isDirectory()
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false
    throw localIoError(error, directory)
  }
}
