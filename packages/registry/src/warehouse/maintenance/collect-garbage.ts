import type { Digest } from "@entrepot/core"
import type { WarehouseParts } from "../build-warehouse.ts"

export interface GarbageOptions {
  /** How long what no manifest names is left alone: somebody may be about to push one. Not less than the warehouse's own period while there are pushes. */
  readonly graceMs: number
  /** Age at which upload sessions end. */
  readonly uploadAgeMs: number
  /** Also looks for files that no row knows of, which a crash leaves behind. */
  readonly sweepFiles: boolean
  readonly signal?: AbortSignal | undefined
}

/** What garbage collection removed. */
export interface GarbageReport {
  readonly blobs: number
  readonly bytes: number
  /** Files without row. */
  readonly strays: number
  readonly uploads: number
  /** Of uploads and fills that nobody goes on with. */
  readonly partialBytes: number
}

/** Blobs that are looked at together. */
const batch = 200

/** Removes what nothing needs, beside pulls and pushes (RELIABILITY fault 44). @throws what `signal` was aborted with. */
export async function collectGarbage(parts: WarehouseParts, options: GarbageOptions): Promise<GarbageReport> {
  const uploads = await parts.uploads.sweep(options.uploadAgeMs, options.graceMs)
  const unneeded = await removeUnneeded(parts, options.graceMs, options.signal)
  const strays = options.sweepFiles ? await removeStrays(parts, options) : 0
  const partialBytes = await parts.files.sweep(options.uploadAgeMs)
  return { ...unneeded, strays, uploads, partialBytes }
}

/** Removes blobs that no manifest names, and that nobody has used or linked for so long. */
async function removeUnneeded(
  parts: WarehouseParts,
  graceMs: number,
  signal?: AbortSignal,
): Promise<{ readonly blobs: number; readonly bytes: number }> {
  const passed = new Set<Digest>()
  const removed = { blobs: 0, bytes: 0 }
  await parts.touches.flush()
  for (;;) {
    const before = parts.now() - graceMs
    const found = (await parts.store.unneededBlobs(before, batch + passed.size)).filter(({ digest }) => !passed.has(digest))
    if (found.length === 0) return removed
    for (const { digest, sizeBytes } of found) {
      signal?.throwIfAborted()
      if (await parts.blobs.remove(digest, () => parts.store.dropUnneededBlob(digest, before))) {
        removed.blobs++
        removed.bytes += sizeBytes
      } else {
        passed.add(digest)
      }
    }
  }
}

async function removeStrays(parts: WarehouseParts, options: GarbageOptions): Promise<number> {
  let strays = 0
  for await (const { digest, modifiedAt } of parts.files.list()) {
    options.signal?.throwIfAborted()
    if (parts.now() - modifiedAt < options.graceMs) continue
    const isStray = async () => (await parts.store.blob(digest)) === undefined
    if ((await isStray()) && (await parts.blobs.remove(digest, isStray))) strays++
  }
  return strays
}
