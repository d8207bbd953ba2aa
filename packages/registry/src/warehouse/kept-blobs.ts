import { type ByteStream, type Digest, isTransferError, type ReadRange } from "@entrepot/core"
import type { BlobRecord, WarehouseStore } from "@entrepot/db/stores"
import { LRUCache } from "lru-cache"
import type { BlobStore, PartialBlob, StoredBlob } from "../blobs/blob-store.ts"
import type { Leases } from "./leases.ts"
import { Memo } from "./memo.ts"
import type { ServedBlob } from "./readable-repository.ts"
import type { Touches } from "./touches.ts"
import { TurnsByKey } from "./turns-by-key.ts"
import type { WarehouseLog } from "./warehouse-log.ts"

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
  readonly #seen = new LRUCache<Digest, true>({ max: 200_000 })
  readonly #reliedOn: LRUCache<Digest, true>

  constructor(parts: KeptBlobsParts) {
    this.#parts = parts
    this.#reliedOn = new LRUCache({ max: 200_000, ttl: parts.graceMs || 1 })
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

  /** Adds a blob whose file is in place already. False, and nothing done, where it is not. */
  async adopt(repositoryId: number, stored: StoredBlob): Promise<boolean> {
    return await this.inTurn(stored.digest, async () => {
      if (!(await this.#isThere(stored))) return false
      await this.#add(repositoryId, stored)
      return true
    })
  }

  /**
   * Opens a blob for reading. The first time that this process does so, it looks whether the file is there in its right size. Undefined: it is not, and
   * the row is gone now (RELIABILITY fault 45).
   */
  async open(record: BlobRecord): Promise<ServedBlob | undefined> {
    const { digest, sizeBytes } = record
    if (!this.#seen.has(digest)) {
      if (!(await this.#isThere(record))) return await this.giveUp(record).then(() => undefined)
      this.#seen.set(digest, true)
    }
    this.#parts.touches.blob(digest)
    const location = this.#parts.files.locationOf(digest)
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

  /** Takes a blob out of the books whose bytes have been found to be wrong. */
  async quarantine(digest: Digest): Promise<void> {
    await this.inTurn(digest, () => this.#drop(digest))
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

  async #isThere(expected: StoredBlob): Promise<boolean> {
    const found = await this.#parts.files.stat(expected.digest)
    return found?.sizeBytes === expected.sizeBytes
  }

  async #drop(digest: Digest): Promise<void> {
    this.#seen.delete(digest)
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
      return this.#leased(record.digest, await this.#parts.files.read(record.digest, range, signal))
    } catch (error) {
      // Removed since it was opened, perhaps by another process.
      if (isTransferError(error, "not_found")) await this.giveUp(record)
      throw error
    }
  }

  async *#leased(digest: Digest, stream: ByteStream): ByteStream {
    const release = this.#parts.leases.take(digest)
    try {
      yield* stream
    } finally {
      release()
    }
  }
}

function keyOf(repositoryId: number, digest: Digest): string {
  return `${repositoryId}/${digest}`
}
