import type { Digest } from "@entrepot/core"
import type { WarehouseParts } from "../build-warehouse.ts"

export interface GarbageOptions {
  /** How long what no manifest names is left alone: somebody may be about to push one. Not less than the warehouse's own period while there are pushes. */
  readonly graceMs: number
  /** Age at which upload sessions end. */
  readonly uploadAgeMs: number
  /** Also looks for files that no row knows of, which a crash leaves behind. */
  readonly sweepFiles: boolean
  /** Ends it early, without an error. */
  readonly signal?: AbortSignal | undefined
  /** Told what was removed so far. */
  readonly onProgress?: ((soFar: GarbageReport) => void) | undefined
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

type Growing = { -readonly [Name in keyof GarbageReport]: GarbageReport[Name] }

/** Removes what nothing needs, beside pulls and pushes (RELIABILITY fault 44). */
export async function collectGarbage(parts: WarehouseParts, options: GarbageOptions): Promise<GarbageReport> {
  const report: Growing = { blobs: 0, bytes: 0, strays: 0, uploads: 0, partialBytes: 0 }
  const isOver = () => options.signal?.aborted === true
  if (isOver()) return report
  report.uploads = await parts.uploads.sweep(options.uploadAgeMs, options.graceMs)
  await removeUnneeded(parts, options, report)
  if (options.sweepFiles && !isOver()) await removeStrays(parts, options, report)
  if (!isOver()) report.partialBytes = await parts.files.sweep(options.uploadAgeMs)
  return report
}

/** Removes blobs that no manifest names, and that nobody has used or linked for so long. */
async function removeUnneeded(
  parts: WarehouseParts,
  { graceMs, signal, onProgress }: GarbageOptions,
  report: Growing,
): Promise<void> {
  const passed = new Set<Digest>()
  await parts.touches.flush()
  for (;;) {
    const before = parts.now() - graceMs
    const found = (await parts.store.unneededBlobs(before, batch + passed.size)).filter(({ digest }) => !passed.has(digest))
    if (found.length === 0) return
    for (const { digest, sizeBytes } of found) {
      if (signal?.aborted) return
      if (await parts.blobs.remove(digest, () => parts.store.dropUnneededBlob(digest, before))) {
        report.blobs++
        report.bytes += sizeBytes
        onProgress?.(report)
      } else {
        passed.add(digest)
      }
    }
  }
}

async function removeStrays(parts: WarehouseParts, options: GarbageOptions, report: Growing): Promise<void> {
  for await (const { digest, modifiedAt } of parts.files.list()) {
    if (options.signal?.aborted) return
    if (parts.now() - modifiedAt < options.graceMs) continue
    const isStray = async () => (await parts.store.blob(digest)) === undefined
    if ((await isStray()) && (await parts.blobs.remove(digest, isStray))) report.strays++
  }
}
