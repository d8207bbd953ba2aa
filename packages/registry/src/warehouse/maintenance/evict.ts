import type { Digest } from "@entrepot/core"
import type { ManifestReference } from "@entrepot/db/stores"
import type { WarehouseParts } from "../build-warehouse.ts"

/** What eviction removed. */
export interface EvictionReport {
  readonly images: number
  readonly blobs: number
  readonly bytes: number
}

export interface EvictionOptions {
  /** Ends it early, without an error. */
  readonly signal?: AbortSignal | undefined
  /** Told what went so far. */
  readonly onProgress?: ((soFar: EvictionReport) => void) | undefined
}

/** Images that are looked at together. */
const batch = 50

/**
 * Evicts whole images of proxied repositories, those first that nobody has used for longest, until so many bytes are free or nothing is left to evict.
 * An image goes manifest first, so that what is left of it is reachable by nobody; of its blobs only those go that no other manifest names. What is
 * leased, and what a push relies on, stays.
 */
export async function evict(
  parts: WarehouseParts,
  bytes: number,
  { signal, onProgress }: EvictionOptions = {},
): Promise<EvictionReport> {
  const report = { images: 0, blobs: 0, bytes: 0 }
  const passed = new Set<string>()
  await parts.touches.flush()
  while (report.bytes < bytes && !signal?.aborted) {
    const images = await parts.store.evictable(batch + passed.size)
    const found = images.filter(({ repositoryId, digest }) => !passed.has(`${repositoryId}/${digest}`))
    if (found.length === 0) break
    for (const { repositoryId, digest } of found) {
      if (report.bytes >= bytes || signal?.aborted) return report
      const references = await parts.store.referencesOf(digest)
      if (isLeased(parts, digest, references) || !(await forget(parts, repositoryId, digest))) {
        passed.add(`${repositoryId}/${digest}`)
        continue
      }
      report.images++
      for (const reference of references) {
        const freed = reference.kind === "manifest" ? undefined : await removeBlob(parts, reference.digest)
        if (freed === undefined) continue
        report.blobs++
        report.bytes += freed
      }
      onProgress?.(report)
      // What an index named stands for itself now, and may have gone unused for longer than the next of these.
      if (references.some(({ kind }) => kind === "manifest")) break
    }
  }
  return report
}

function isLeased(parts: WarehouseParts, digest: Digest, references: readonly ManifestReference[]): boolean {
  return parts.leases.holds(digest) || references.some((reference) => parts.leases.holds(reference.digest))
}

async function forget(parts: WarehouseParts, repositoryId: number, digest: Digest): Promise<boolean> {
  try {
    return await parts.manifests.delete(repositoryId, digest)
  } finally {
    parts.tags.forgetAll()
  }
}

async function removeBlob(parts: WarehouseParts, digest: Digest): Promise<number | undefined> {
  const record = await parts.store.blob(digest)
  if (record === undefined || parts.blobs.isReliedOn(digest)) return undefined
  const isRemoved = await parts.blobs.remove(digest, () => parts.store.dropUnneededBlob(digest, parts.now() + 1))
  return isRemoved ? record.sizeBytes : undefined
}
