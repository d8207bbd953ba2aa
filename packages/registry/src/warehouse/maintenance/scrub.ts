import { setTimeout as sleep } from "node:timers/promises"
import type { Digest } from "@entrepot/core"
import type { BlobRecord, Repository } from "@entrepot/db/stores"
import type { WarehouseParts } from "../build-warehouse.ts"

/** A blob whose bytes were wrong. It is out of the books; what is read through upstreams is fetched again by the next pull. */
export interface RottenBlob {
  readonly digest: Digest
  readonly sizeBytes: number
  /** Hosted repositories that have lost it: there it comes back only when somebody pushes it again. */
  readonly lostIn: readonly string[]
}

export interface ScrubOptions {
  /** Default: as fast as the disk reads. */
  readonly bytesPerSecond?: number | undefined
  /** Leaves alone what was verified within this time, milliseconds. Default 0. */
  readonly verifiedForMs?: number | undefined
  /** Waited for before each blob. */
  readonly pause?: (() => Promise<void>) | undefined
  readonly onRotten?: ((blob: RottenBlob) => void) | undefined
  /** Blobs of one round, those first that were verified longest ago. Default 50,000. */
  readonly most?: number
  /** Every blob, in the order of digests; `most` and `verifiedForMs` say nothing then. */
  readonly everything?: boolean
  /** Told what was seen so far. */
  readonly onProgress?: ((soFar: ScrubReport) => void) | undefined
  readonly signal: AbortSignal
}

/** What a round of scrubbing saw. */
export interface ScrubReport {
  /** How many there were to look at when it began. */
  readonly blobs: number
  readonly verified: number
  readonly bytes: number
  readonly rotten: readonly RottenBlob[]
  /** Rows whose file was missing. */
  readonly missing: readonly Digest[]
}

/** Rows that are read at once. */
const page = 1000

/** Hashes stored blobs again, and takes those out of the books whose bytes have changed (RELIABILITY fault 45). Ends early when `signal` is aborted. */
export async function scrub(parts: WarehouseParts, options: ScrubOptions): Promise<ScrubReport> {
  const { blobs, records } = await chosen(parts, options)
  const report = { blobs, verified: 0, bytes: 0, rotten: [] as RottenBlob[], missing: [] as Digest[] }
  const unlessAborted = (error: unknown) => {
    if (!options.signal.aborted) throw error
  }
  for await (const record of records) {
    await options.pause?.()
    if (options.signal.aborted) break
    const { digest, sizeBytes } = record
    const startedAt = performance.now()
    const isRight = await parts.files.verify(digest, options.signal).catch(unlessAborted)
    if (options.signal.aborted) break
    if (isRight) {
      parts.blobs.noteProven(digest)
      await parts.store.setVerified(digest, parts.now())
      report.verified++
      report.bytes += sizeBytes
    } else if (isRight === undefined) {
      if (await parts.blobs.giveUp(record)) report.missing.push(digest)
    } else if (await parts.blobs.quarantine(digest, options.signal).catch(unlessAborted)) {
      const rotten = { digest, sizeBytes, lostIn: await hostedWith(parts, digest) }
      parts.log.error({ ...rotten }, "a blob's bytes have changed on disk; it was put aside")
      report.rotten.push(rotten)
      options.onRotten?.(rotten)
    }
    options.onProgress?.(report)
    if (options.bytesPerSecond !== undefined) {
      const restMs = (sizeBytes / options.bytesPerSecond) * 1000 - (performance.now() - startedAt)
      if (restMs > 0) await sleep(restMs, undefined, { signal: options.signal, ref: false }).catch(() => undefined)
    }
  }
  return report
}

interface Chosen {
  readonly blobs: number
  readonly records: Iterable<BlobRecord> | AsyncIterable<BlobRecord>
}

async function chosen(parts: WarehouseParts, options: ScrubOptions): Promise<Chosen> {
  if (options.everything) return { blobs: (await parts.store.usage()).blobs, records: inOrder(parts) }
  const verifiedBefore = parts.now() - (options.verifiedForMs ?? 0)
  const records = await oldestFirst(parts, verifiedBefore, options.most ?? 50_000)
  return { blobs: records.length, records }
}

async function* inOrder(parts: WarehouseParts): AsyncGenerator<BlobRecord, void> {
  for (let after: Digest | undefined; ; ) {
    const records = await parts.store.listBlobs({ ...(after === undefined ? {} : { after }), limit: page })
    yield* records
    after = records.at(-1)?.digest
    if (records.length < page) return
  }
}

async function oldestFirst(parts: WarehouseParts, before: number, most: number): Promise<readonly BlobRecord[]> {
  let oldest: BlobRecord[] = []
  for (let after: Digest | undefined; ; ) {
    const records = await parts.store.listBlobs({ ...(after === undefined ? {} : { after }), limit: page })
    oldest.push(...records.filter(({ verifiedAt }) => verifiedAt <= before))
    if (oldest.length > 2 * most) oldest = sorted(oldest).slice(0, most)
    after = records.at(-1)?.digest
    if (records.length < page) return sorted(oldest).slice(0, most)
  }
}

function sorted(records: BlobRecord[]): BlobRecord[] {
  return records.sort((one, other) => one.verifiedAt - other.verifiedAt)
}

async function hostedWith(parts: WarehouseParts, digest: Digest): Promise<string[]> {
  const names: string[] = []
  for (let after: string | undefined; ; ) {
    const repositories: readonly Repository[] = await parts.store.listRepositories({ after, limit: page })
    for (const { id, name, projectId } of repositories) {
      if (projectId !== null && (await parts.store.linkedBlob(id, digest)) !== undefined) names.push(name)
    }
    after = repositories.at(-1)?.name
    if (repositories.length < page) return names
  }
}
