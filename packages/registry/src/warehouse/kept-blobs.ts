import { type ByteStream, type Digest, isTransferError, type ReadRange } from "@entrepot/core"
import type { BlobRecord, ManifestReference, WarehouseStore } from "@entrepot/db/stores"
import type { LRUCache } from "lru-cache"
import type { BlobStore, PartialBlob, StoredBlob } from "../blobs/blob-store.ts"
import { latelyUsed } from "../lately-used.ts"
import { leasedStream } from "./leased-stream.ts"
import type { Leases } from "./leases.ts"
import { Memo } from "./memo.ts"
import { ProvenBlobs } from "./proven-blobs.ts"
import type { ServedBlob } from "./readable-repository.ts"
import type { Touches } from "./touches.ts"
import { TurnsByKey } from "./turns-by-key.ts"
import type { WarehouseLog } from "./warehouse-log.ts"

/** Up to this size a blob is hashed before it is served for the first time; a larger one while it is. */
const smallBytes = 1024 * 1024

interface KeptBlobsParts {
  readonly store: WarehouseStore
  readonly files: BlobStore
  readonly leases: Leases
  readonly touches: Touches
  readonly log: WarehouseLog
  readonly now: () => number
  readonly memoMs: number
  /** How long what no manifest names is left alone by garbage collection. */
  readonly graceMs: number
  /** Blobs are not hashed again when they are first read after a restart. */
  readonly isTrusting: boolean
}

/** A repository's right to a blob, and the blob where its bytes are here. */
export interface LinkedBlob {
  readonly blob: BlobRecord | undefined
}

/**
 * Blobs, as rows and as files. A row is written after its file and goes before it, so that after a crash a file may be without row, which a later
 * collection removes, and a row without file only where the file was wrong; the next read finds that out.
 *
 * Inside this process work on one digest happens in turns, so that a file is never removed just after a push has found it in place. Between processes
 * that share a database and a disk there are no turns: there the grace period keeps them apart. Whatever a push or pull has found, it has also touched
 * (`linked`), and nobody collects a blob that was touched within the period. What is left is a blob that lay unneeded for longer than that, and is pushed
 * again in the very moment when another process removes its file; the first read, or the push itself (`commit` looks again), finds the file gone.
 */
export class KeptBlobs {
  readonly #parts: KeptBlobsParts
  readonly #links: Memo<LinkedBlob>
  readonly #turns = new TurnsByKey()
  /** Digests whose files this process has seen in their right size. */
  readonly #seen = latelyUsed<Digest, true>(200_000)
  readonly #proven: ProvenBlobs
  readonly #reliedOn: LRUCache<Digest, true>
  /** What no manifest of a repository names, as of the last one that was recorded there by this process. */
  readonly #unnamed: LRUCache<string, number>
  readonly #lastRecorded = latelyUsed<number, number>(20_000)
  #recorded = 0

  constructor(parts: KeptBlobsParts) {
    this.#parts = parts
    this.#proven = new ProvenBlobs(parts.files, parts.isTrusting)
    this.#reliedOn = latelyUsed(200_000, { ttl: parts.graceMs || 1 })
    this.#unnamed = latelyUsed(20_000, { ttl: parts.memoMs || 1, ttlResolution: 0 })
    this.#links = new Memo({ lifetimeMs: parts.memoMs, mostEntries: 20_000 })
  }

  /** Undefined: the repository has no right to it. What is found stays for the grace period at least. */
  async linked(repositoryId: number, digest: Digest): Promise<LinkedBlob | undefined> {
    const read = () => this.#parts.store.linkedBlob(repositoryId, digest)
    return await this.#links.get(keyOf(repositoryId, digest), async () => {
      const found = await read()
      return found?.blob !== undefined && (await this.#freshen(found.blob)) ? await read() : found
    })
  }

  /** `WarehouseStore.referenceIn`. That there is none is remembered: to find that out takes long for a blob that many manifests elsewhere name. */
  async referenceIn(repositoryId: number, digest: Digest): Promise<ManifestReference | undefined> {
    const key = keyOf(repositoryId, digest)
    const last = this.#lastRecorded.get(repositoryId) ?? 0
    if (this.#unnamed.get(key) === last) return undefined
    const found = await this.#parts.store.referenceIn(repositoryId, digest)
    if (found === undefined) this.#unnamed.set(key, last)
    return found
  }

  /** A manifest of the repository may name what was not named before. */
  noteManifest(repositoryId: number): void {
    this.#lastRecorded.set(repositoryId, ++this.#recorded)
  }

  /** The row of a blob whose bytes are here, whoever may read it. What is found stays for the grace period at least. */
  async record(digest: Digest): Promise<BlobRecord | undefined> {
    const found = await this.#parts.store.blob(digest)
    return found !== undefined && (await this.#freshen(found)) ? await this.#parts.store.blob(digest) : found
  }

  async link(repositoryId: number, digest: Digest): Promise<void> {
    try {
      await this.#parts.store.link(repositoryId, digest, this.#parts.now())
    } finally {
      this.#links.forget(keyOf(repositoryId, digest))
    }
  }

  async unlink(repositoryId: number, digest: Digest): Promise<boolean> {
    try {
      return await this.#parts.store.unlink(repositoryId, digest)
    } finally {
      this.#links.forget(keyOf(repositoryId, digest))
    }
  }

  /**
   * Makes what has grown a blob that `repositoryId` may read. @throws TransferError `digest_mismatch`: nothing has changed. `local_io`.
   */
  async commit(partial: PartialBlob, digest: Digest, repositoryId: number): Promise<StoredBlob> {
    return await this.inTurn(digest, async () => {
      const stored = await partial.commit(digest)
      // Bytes that were hashed just now stand there, whatever stood there before.
      this.#proven.note(digest)
      await this.#add(repositoryId, stored)
      // Another process may have removed the file between the two: see above.
      if (await this.#isThere(stored)) {
        this.#seen.set(digest, true)
        return stored
      }
      await this.#parts.store.forgetBlob(digest)
      throw new Error(`blob ${digest} was removed while it was being stored; push it again`)
    })
  }

  /** Adds a blob whose file is in place already. False where it is not, or is wrong. */
  async adopt(repositoryId: number, stored: StoredBlob): Promise<boolean> {
    return await this.inTurn(stored.digest, async () => {
      if ((await this.#isFree(stored.digest)) || !(await this.#isThere(stored))) return false
      await this.#add(repositoryId, stored)
      return true
    })
  }

  /**
   * Opens a blob for reading. The first time that this process does so, it looks whether the file is there in its right size, and hashes it: a small one
   * now, a large one while it is read. Undefined: it is not there, or is wrong, and the row is gone now (RELIABILITY fault 45).
   */
  async open(record: BlobRecord): Promise<ServedBlob | undefined> {
    const { digest, sizeBytes } = record
    if (!this.#seen.has(digest)) {
      if (!(await this.#isThere(record))) return await this.giveUp(record).then(() => undefined)
      this.#seen.set(digest, true)
    }
    const isProven = this.#proven.has(digest) || (sizeBytes <= smallBytes && (await this.#proves(record)))
    if (!isProven && sizeBytes <= smallBytes) return undefined
    this.#parts.touches.blob(digest)
    // Nobody else would withhold anything of it.
    const location = isProven ? this.#parts.files.locationOf(digest) : undefined
    return {
      digest,
      sizeBytes,
      cache: "hit",
      read: (range, signal) => this.#read(record, range, signal),
      ...(location === undefined ? {} : { location }),
    }
  }

  /** Takes a file that is wrong or missing out of the books; whoever has a right to the blob keeps it. True: it was still wrong, and in the books. */
  async giveUp(record: BlobRecord): Promise<boolean> {
    return await this.inTurn(record.digest, async () => {
      if (await this.#isThere(record)) return false
      if ((await this.#parts.store.blob(record.digest)) === undefined) return false
      this.#parts.log.warn({ digest: record.digest }, "a blob's file is missing or has the wrong size")
      await this.#drop(record.digest)
      return true
    })
  }

  /** As `giveUp`, many at once, of different digests. Returns how many were still wrong, and in the books. */
  async giveUpAll(records: readonly BlobRecord[]): Promise<number> {
    const [record, ...others] = records.toSorted((one, other) => (one.digest < other.digest ? -1 : 1))
    return record === undefined ? 0 : await this.#giveUpInTurn(record, others, records)
  }

  /**
   * Takes a blob out of the books whose bytes have been found to be wrong. False, and nothing done, where somebody has brought the right ones since, or
   * it is gone.
   */
  async quarantine(digest: Digest, signal?: AbortSignal): Promise<boolean> {
    return await this.inTurn(digest, async () => {
      if ((await this.#parts.files.verify(digest, signal)) !== false) return false
      await this.#drop(digest)
      return true
    })
  }

  /** The blob was hashed just now, and is right. */
  noteProven(digest: Digest): void {
    this.#proven.note(digest)
  }

  /** A push has been told that the blob is here, and may name it in a manifest soon. */
  rely(digest: Digest): void {
    this.#reliedOn.set(digest, true)
  }

  /** A push relied on the blob within the grace period. */
  isReliedOn(digest: Digest): boolean {
    return this.#reliedOn.has(digest)
  }

  /**
   * Runs `forget`, which takes the row away where nobody needs it, and removes the file after it. False: the blob is leased, or was needed.
   */
  async remove(digest: Digest, forget: () => Promise<boolean>): Promise<boolean> {
    return await this.inTurn(digest, async () => {
      if (this.#parts.leases.holds(digest)) return false
      this.forgetAll()
      this.#seen.delete(digest)
      this.#proven.forget(digest)
      const isForgotten = await forget()
      this.forgetAll()
      if (!isForgotten) return false
      // In another process somebody may have pushed it since.
      if ((await this.#parts.store.blob(digest)) === undefined) await this.#parts.files.delete(digest)
      return true
    })
  }

  inTurn<T>(digest: Digest, work: () => Promise<T>): Promise<T> {
    return this.#turns.run(digest, work)
  }

  forgetAll(): void {
    this.#links.clear()
  }

  async #add(repositoryId: number, stored: StoredBlob): Promise<void> {
    try {
      await this.#parts.store.addBlob({ ...stored, repositoryId }, this.#parts.now())
    } finally {
      this.#links.forget(keyOf(repositoryId, stored.digest))
    }
  }

  /** Nothing stands where the blob goes. A file whose bytes have changed is put aside. */
  async #isFree(digest: Digest): Promise<boolean> {
    if ((await this.#parts.files.stat(digest)) === undefined) return true
    if ((await this.#proven.prove(digest)) !== false) return false
    await this.#drop(digest)
    this.#noteRotten(digest)
    return true
  }

  async #proves(record: BlobRecord): Promise<boolean> {
    const isRight = await this.#proven.prove(record.digest)
    if (isRight === undefined) await this.giveUp(record)
    if (isRight === false && (await this.quarantine(record.digest))) this.#noteRotten(record.digest)
    return isRight === true
  }

  #noteRotten(digest: Digest): void {
    this.#parts.log.error({ digest }, "a blob's bytes have changed on disk; it was put aside")
  }

  async #isThere(expected: StoredBlob): Promise<boolean> {
    const found = await this.#parts.files.stat(expected.digest)
    return found?.sizeBytes === expected.sizeBytes
  }

  /** Holds one turn after the other, in the order of digests, until it has them all. */
  async #giveUpInTurn(
    { digest }: BlobRecord,
    [next, ...others]: readonly BlobRecord[],
    all: readonly BlobRecord[],
  ): Promise<number> {
    return await this.inTurn(digest, async () => {
      if (next !== undefined) return await this.#giveUpInTurn(next, others, all)
      const found = await Promise.all(all.map((record) => this.#parts.files.stat(record.digest)))
      const wrong: Digest[] = []
      for (const [index, record] of all.entries()) {
        const file = found[index]
        if (file?.sizeBytes === record.sizeBytes) continue
        this.#seen.delete(record.digest)
        this.#proven.forget(record.digest)
        if (file !== undefined) await this.#parts.files.quarantine(record.digest)
        wrong.push(record.digest)
      }
      const forgotten = wrong.length === 0 ? 0 : await this.#parts.store.forgetBlobs(wrong)
      this.forgetAll()
      if (forgotten > 0)
        this.#parts.log.warn({ blobs: forgotten, digest: wrong[0] }, "files of blobs are missing or have the wrong size")
      return forgotten
    })
  }

  async #drop(digest: Digest): Promise<void> {
    this.#seen.delete(digest)
    this.#proven.forget(digest)
    // The file first: one that is wrong must not be found in place by the next push.
    await this.#parts.files.quarantine(digest)
    await this.#parts.store.forgetBlob(digest)
    this.forgetAll()
  }

  /** Whoever is told that a blob is here may rely on it for the grace period, so its use is written down at once where that is old. */
  async #freshen(record: BlobRecord): Promise<boolean> {
    const { store, now, graceMs } = this.#parts
    if (now() - record.usedAt < graceMs / 2) return false
    await store.touch({ blobs: [record.digest] }, now())
    return true
  }

  async #read(record: BlobRecord, range: ReadRange, signal: AbortSignal): Promise<ByteStream> {
    try {
      const bytes = this.#proven.has(record.digest)
        ? await this.#parts.files.read(record.digest, range, signal)
        : await this.#proven.read(record, range, this.#proves(record), signal)
      return leasedStream(bytes, () => this.#parts.leases.take(record.digest))
    } catch (error) {
      // Removed since it was opened, perhaps by another process.
      if (isTransferError(error, "not_found")) await this.giveUp(record)
      throw error
    }
  }
}

function keyOf(repositoryId: number, digest: Digest): string {
  return `${repositoryId}/${digest}`
}
