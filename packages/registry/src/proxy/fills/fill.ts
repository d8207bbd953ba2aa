import { BlobFetch, cancelled, canRange, isTransferError, TransferError, type TransferSession } from "@entrepot/core"
import type { BlobStore } from "../../blobs/blob-store.ts"
import type { FillBudget } from "./fill-budget.ts"
import { type FillLog, type FillRequest, type FillSource, type FillWarehouse, upstreamName } from "./fill-request.ts"
import { FillStorage } from "./fill-storage.ts"
import { GrowingBlob } from "./growing-blob.ts"
import { SharedChunk } from "./shared-chunk.ts"
import { proveRight } from "./upstream-rights.ts"

export interface FillParts {
  readonly blobs: BlobStore
  readonly warehouse: FillWarehouse
  readonly session: TransferSession
  readonly budget: FillBudget
  readonly log: FillLog
}

/** One blob on its way from upstreams into the store, and to whoever waits for it. */
export class Fill {
  readonly request: FillRequest
  readonly growing: GrowingBlob
  /** Resolves when it is known what is there already: all of it in the store (`found`), or some of it in a partial blob. */
  readonly begun: Promise<void>
  /** The blob was in the store all the time. */
  found = false
  /** Whose bytes came last. */
  upstream: string | undefined
  readonly #parts: FillParts
  readonly #kept: boolean
  readonly #abort = new AbortController()
  readonly #leaveBudget: (() => void)[] = []
  /** Other repositories that get the link. */
  readonly #repositories = new Set<number>()
  #storage: FillStorage | undefined
  #isStored = false
  #begin: () => void = () => {}
  #ended: () => void = () => {}
  #change: (() => void) | undefined

  /** @param kept false: passed through without being stored */
  constructor(request: FillRequest, kept: boolean, parts: FillParts) {
    this.request = request
    this.#parts = parts
    this.#kept = kept
    this.growing = new GrowingBlob(request.blob.size, () => this.#changed())
    this.begun = new Promise((resolve) => {
      this.#begin = resolve
    })
  }

  /** Whether somebody who begins at this byte would get all that follow. */
  serves(from: number): boolean {
    const storage = this.#storage
    const { start } = this.growing.recent
    return storage === undefined || storage.isKept || start <= storage.readableBytes || start <= from
  }

  /** This repository may read the blob as well: it gets the link with the others. */
  async allow(repositoryId: number): Promise<void> {
    this.#repositories.add(repositoryId)
    if (this.#isStored) await this.#adopt(repositoryId)
  }

  /** Ends it, for its readers too, and nobody new may join; what has arrived stays. */
  abort(): void {
    this.#ended()
    this.#abort.abort()
    this.growing.fail(cancelled())
    this.#ring()
  }

  /**
   * Fetches, verifies and stores the blob; failures go to its readers. `ended` is called when nobody new may join, before they hear of it. Resolves when
   * nobody reads any more.
   */
  async run(ended: () => void): Promise<void> {
    const { blobs, budget, log } = this.#parts
    const { blob } = this.request
    this.#ended = ended
    this.#leaveBudget.push(budget.enter())
    let useless = false
    try {
      this.found = this.#kept && (await blobs.stat(blob.digest))?.sizeBytes === blob.size
      if (this.found) return
      this.#storage = await this.#openStorage()
      await this.#arrive(this.#storage)
      this.growing.verified()
      await this.#keep(this.#storage)
      if (this.#storage.isKept) this.growing.recent.keepFrom(blob.size)
    } catch (error) {
      useless = isTransferError(error, "digest_mismatch")
      ended()
      this.growing.fail(this.#placed(error))
    } finally {
      ended()
      this.#begin()
      await this.growing.unread()
      await this.#storage
        ?.close(useless)
        .catch((error: unknown) => log.warn({ digest: blob.digest, error }, "a fill did not close"))
      for (const leave of this.#leaveBudget) leave()
    }
  }

  #openStorage(): Promise<FillStorage> {
    const { blobs, warehouse, log, budget } = this.#parts
    return FillStorage.open(this.request.blob, this.#kept, {
      blobs,
      warehouse,
      log,
      signal: this.#abort.signal,
      changed: () => this.#changed(),
      passingThrough: () => this.#leaveBudget.push(budget.passThrough()),
    })
  }

  /** All bytes, right; wrong ones are fetched once more, from another source first (fault 11). */
  async #arrive(storage: FillStorage): Promise<void> {
    const { blob, sources } = this.request
    for (let again = false; ; again = true) {
      await this.#receive(storage, again ? [...sources.slice(1), ...sources.slice(0, 1)] : sources)
      const actual = await storage.digest()
      if (actual === blob.digest) return
      const wrong = new TransferError("digest_mismatch", `the bytes hash to ${actual}, not to ${blob.digest}`, {
        side: "source",
        host: this.upstream,
      })
      this.growing.startAgain(wrong)
      await storage.reset()
      if (again) throw wrong
      this.#parts.log.warn(
        { digest: blob.digest, upstream: this.upstream },
        "a blob arrived with wrong bytes and is fetched once more",
      )
    }
  }

  async #receive(storage: FillStorage, sources: readonly FillSource[]): Promise<void> {
    const { blob } = this.request
    const { session, budget } = this.#parts
    const { signal } = this.#abort
    const from = storage.sizeBytes
    this.growing.begin(storage)
    this.#begin()
    if (from >= blob.size) {
      if (blob.size > 0) this.#proven(await proveRight(blob, sources, signal))
      return this.growing.admit()
    }
    const fetch = new BlobFetch(blob, from, {
      sources: sources.map((source) => this.#telling(source)),
      width: session.widthOf(sources[0]?.host ?? ""),
      window: session.window,
      retry: session.retry,
      stallMs: session.stallMs,
      firstBytes: Number.POSITIVE_INFINITY,
      signal,
    })
    for await (const lent of fetch.bytes()) {
      const chunk = new SharedChunk(lent)
      this.growing.push(chunk)
      storage.add(chunk)
      chunk.release()
      this.#trim(storage)
      while (this.growing.arrivedBytes - this.#settledBytes(storage) > budget.share) {
        if (signal.aborted) throw cancelled()
        await this.#changes()
        this.#trim(storage)
      }
      const wait = session.pace(chunk.length, signal)
      if (wait !== undefined) await wait
    }
    await storage.flush()
  }

  /** Bytes that need no memory: stored, or seen by everybody. */
  #settledBytes(storage: FillStorage): number {
    if (storage.isKept) return storage.sizeBytes
    return Math.max(storage.readableBytes, Math.min(storage.sizeBytes, this.growing.slowest))
  }

  #trim(storage: FillStorage): void {
    const { recent, slowest } = this.growing
    const useful = storage.isKept ? Math.max(slowest, recent.end - this.#parts.budget.share) : slowest
    recent.keepFrom(Math.min(this.#settledBytes(storage), useful))
  }

  #changes(): Promise<void> {
    return new Promise((resolve) => {
      this.#change = resolve
    })
  }

  #changed(): void {
    const storage = this.#storage
    if (storage !== undefined && !storage.isKept) {
      if (this.growing.slowest >= storage.readableBytes) storage.forgetKept()
      if (this.growing.isAttended) this.#trim(storage)
      else this.abort()
    }
    this.#ring()
  }

  #ring(): void {
    const change = this.#change
    this.#change = undefined
    change?.()
  }

  async #keep(storage: FillStorage): Promise<void> {
    const { blob, repositoryId } = this.request
    try {
      this.#isStored = await storage.commit(repositoryId)
    } catch (error) {
      this.#parts.log.warn({ digest: blob.digest, error }, "a blob could not be stored")
    }
    if (this.#isStored) for (const repositoryId of this.#repositories) await this.#adopt(repositoryId)
  }

  async #adopt(repositoryId: number): Promise<void> {
    const { digest, size } = this.request.blob
    try {
      await this.#parts.warehouse.adoptBlob(repositoryId, digest, size)
    } catch (error) {
      this.#parts.log.warn({ digest, error }, "a stored blob could not be entered")
    }
  }

  #telling(source: FillSource) {
    return {
      openBlob: async (...asked: Parameters<FillSource["openBlob"]>) => {
        const read = await source.openBlob(...asked)
        this.#proven(source)
        return read
      },
      ...(canRange(source) ? { canRange: true as const } : {}),
    }
  }

  #proven(source: FillSource): void {
    this.upstream = upstreamName(this.request, source)
  }

  #placed(error: unknown): unknown {
    if (!isTransferError(error) || error.code === "local_io" || error.code === "cancelled") return error
    return error.with({ side: "source", host: this.request.sources[0]?.host })
  }
}
