import { cancelled, type Digest, TransferError, type TransferSession } from "@entrepot/core"
import type { BlobStore } from "../../blobs/blob-store.ts"
import type { ServedBlob } from "../../warehouse/readable-repository.ts"
import { ArrivingBlob, type OpenedBlob } from "./arriving-blob.ts"
import { farRange } from "./far-range.ts"
import { Fill, type FillParts } from "./fill.ts"
import { FillBudget, type FillBudgetOptions } from "./fill-budget.ts"
import { audienceOf, type FillLog, type FillRequest, type FillWarehouse, upstreamName } from "./fill-request.ts"
import { proveRight } from "./upstream-rights.ts"

const MiB = 1024 * 1024

/** A range that begins so far ahead of its fill does not wait for it. */
const farBytes = 32 * MiB

export interface FillsOptions extends FillBudgetOptions {
  readonly blobs: BlobStore
  readonly warehouse: FillWarehouse
  /** How sources are retried, how wide they are read, and the rate cap. */
  readonly session: TransferSession
  readonly log: FillLog
}

/** Blobs that are read through from upstreams while they are stored: one upstream body for each, however many clients wait. */
export class Fills {
  readonly #parts: FillParts
  readonly #running = new Map<Digest, Fill>()
  readonly #all = new Map<Fill, Promise<void>>()
  #isClosed = false

  constructor({ blobs, warehouse, session, log, ...budget }: FillsOptions) {
    this.#parts = { blobs, warehouse, session, log, budget: new FillBudget(budget) }
  }

  /** Blobs that are on their way now. */
  get running(): number {
    return this.#all.size
  }

  /**
   * A blob that is not here. Nothing is asked of upstreams before it is read: then the fill begins, or is joined, and goes on to its end whether or not
   * its readers do. `read` resolves with the first byte, and until then throws what the upstreams failed with (TransferError: `not_found`,
   * `network`, `digest_mismatch`, …); what fails later is thrown by the stream.
   */
  async open(request: FillRequest, _signal?: AbortSignal): Promise<ServedBlob> {
    return new ArrivingBlob(request, (from, to, signal) => this.#read(request, from, to, signal))
  }

  /** Ends all fills; what has arrived is gone on with by the next process. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const fill of this.#all.keys()) fill.abort()
    await Promise.all(this.#all.values())
  }

  async #read(request: FillRequest, from: number, to: number, signal: AbortSignal): Promise<OpenedBlob> {
    for (let again = false; ; again = true) {
      if (this.#isClosed) throw cancelled()
      const running = this.#running.get(request.blob.digest)
      if (running !== undefined && from > 0 && !running.serves(from)) return this.#far(request, from, to, signal)
      const fill = running?.serves(from) ? running : this.#start(request, running === undefined)
      try {
        return await this.#join(fill, request, from, to, signal)
      } catch (error) {
        // What failed for whoever began it, or was evicted just now, may be there for us.
        const isOurs = audienceOf(fill.request) === audienceOf(request) && !fill.found
        if (again || isOurs || signal.aborted) throw error
      }
    }
  }

  async #join(fill: Fill, request: FillRequest, from: number, to: number, signal: AbortSignal): Promise<OpenedBlob> {
    const { blobs, warehouse } = this.#parts
    const { blob, repositoryId } = request
    const reader = fill.growing.join(from, to, signal)
    try {
      await fill.begun
      if (fill.found) {
        const source = await proveRight(blob, request.sources, signal)
        if (!(await warehouse.adoptBlob(repositoryId, blob.digest, blob.size)))
          throw new TransferError("not_found", `the blob ${blob.digest} was just removed`)
        reader.leave()
        const bytes = await blobs.read(blob.digest, { from, to }, signal)
        return { bytes, cache: "revalidated", upstream: upstreamName(request, source) }
      }
      if (from > fill.growing.arrivedBytes + farBytes) {
        reader.leave()
        return this.#far(request, from, to, signal)
      }
      if (audienceOf(fill.request) !== audienceOf(request)) {
        await proveRight(blob, request.sources, signal)
        await fill.allow(repositoryId)
      }
      await reader.started()
      return { bytes: reader.bytes(), cache: "miss", upstream: fill.upstream }
    } catch (error) {
      reader.leave()
      throw error
    }
  }

  #far(request: FillRequest, from: number, to: number, signal: AbortSignal): OpenedBlob {
    const [first] = request.sources
    const upstream = first && upstreamName(request, first)
    return { bytes: farRange(request, from, to, this.#parts.session, signal), cache: "miss", upstream }
  }

  #start(request: FillRequest, kept: boolean): Fill {
    const { digest } = request.blob
    const fill = new Fill(request, kept, this.#parts)
    if (kept) this.#running.set(digest, fill)
    const done = fill.run(() => {
      if (this.#running.get(digest) === fill) this.#running.delete(digest)
    })
    this.#all.set(
      fill,
      done.finally(() => this.#all.delete(fill)),
    )
    return fill
  }
}
