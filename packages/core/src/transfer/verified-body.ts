import type { Descriptor } from "../content/descriptor.ts"
import { DigestVerifier } from "../content/digest.ts"
import { giveBack } from "../content/lent-chunk.ts"
import type { BlobBody, ByteStream } from "../content/store.ts"
import { isTransferError, TransferError } from "../errors/transfer-error.ts"
import type { Pace } from "./rate-limit.ts"

export interface VerifiedBodySettings {
  /** Opens the source's bytes from an offset to the end. */
  readonly open: (offset: number, signal: AbortSignal) => ByteStream
  /** Bytes kept for a target that asks again: what was on its way when a connection broke. Default 2 MiB. */
  readonly replayBytes?: number
  readonly pace?: Pace
  readonly signal?: AbortSignal | undefined
}

interface Live {
  readonly abort: AbortController
  readonly chunks: AsyncIterator<Buffer>
  pulling: Promise<void> | undefined
}

/**
 * A blob's bytes for a target, hashed once as they flow. The last chunk is withheld until the digest is right, so that no target ever
 * receives a complete wrong blob. A target that asks again for an offset gets it from the replay window, and only beyond that from the source.
 */
export class VerifiedBody implements BlobBody {
  readonly descriptor: Descriptor
  readonly #settings: VerifiedBodySettings
  readonly #replayBytes: number
  readonly #replay: Buffer[] = []
  /** Chunks of the replay window that the target is done with. */
  readonly #released = new Set<Buffer>()
  readonly #verifier: DigestVerifier
  /** Set when the source's bytes are not what the digest says, however the target reported it. */
  failure: TransferError | undefined
  #replayFrom = 0
  #live: Live | undefined
  /** Offset of the next byte of the live stream. */
  #position = 0
  /** Every byte before this one is in the hash. */
  #hashed = 0
  #verified = false
  #generation = 0

  constructor(descriptor: Descriptor, settings: VerifiedBodySettings) {
    this.descriptor = descriptor
    this.#settings = settings
    this.#replayBytes = settings.replayBytes ?? 2 * 1024 * 1024
    this.#verifier = new DigestVerifier(descriptor.digest)
  }

  /** @throws TransferError `digest_mismatch` instead of the last chunk. */
  async *read(offset: number): ByteStream {
    const generation = ++this.#generation
    if (offset < this.#replayFrom || offset > this.#position) this.#restartAt(offset)
    let at = offset
    while (at < this.descriptor.size) {
      if (at >= this.#position) {
        await this.#pull()
        if (generation !== this.#generation) return
        continue
      }
      const chunk = this.#replayed(at)
      at += chunk.length
      const wait = this.#settings.pace?.(chunk.length, this.#settings.signal)
      if (wait !== undefined) await wait
      yield chunk
      if (generation !== this.#generation) return
    }
    if (this.descriptor.size === 0) this.#verify()
  }

  /** A chunk goes back to its producer when the target has no more use for it and it has left the replay window, in either order. */
  release(chunk: Buffer): void {
    if (this.#replay.includes(chunk)) this.#released.add(chunk)
    else giveBack(chunk)
  }

  /** Ends the source's stream and gives its bytes up. */
  close(): void {
    this.#generation += 1
    this.#restartAt(this.descriptor.size)
  }

  /** What is kept of the chunk that holds byte `at`, from there on. */
  #replayed(at: number): Buffer {
    let start = this.#position
    for (let i = this.#replay.length - 1; i >= 0; i--) {
      const chunk = this.#replay[i]
      if (chunk === undefined) break
      start -= chunk.length
      if (start > at) continue
      // It is out again, and a part of it could not be told back.
      this.#released.delete(chunk)
      return start === at ? chunk : chunk.subarray(at - start)
    }
    throw new TransferError("protocol", `byte ${at} of ${this.descriptor.digest} is no longer at hand`)
  }

  #restartAt(offset: number): void {
    this.#live?.abort.abort()
    this.#live = undefined
    for (const chunk of this.#replay) this.#letGo(chunk)
    this.#replay.length = 0
    this.#replayFrom = offset
    this.#position = offset
  }

  /** Brings the next chunk into the replay window; several readers wait for the same one. */
  #pull(): Promise<void> {
    this.#live ??= this.#openLive()
    const live = this.#live
    live.pulling ??= this.#pullFrom(live).finally(() => {
      live.pulling = undefined
    })
    return live.pulling
  }

  #openLive(): Live {
    const abort = new AbortController()
    const { signal } = this.#settings
    if (signal?.aborted) abort.abort()
    signal?.addEventListener("abort", () => abort.abort(), { once: true, signal: abort.signal })
    return { abort, chunks: this.#settings.open(this.#position, abort.signal)[Symbol.asyncIterator](), pulling: undefined }
  }

  async #pullFrom(live: Live): Promise<void> {
    const { done, value } = await live.chunks.next().catch((error: unknown) => {
      if (live === this.#live) this.#live = undefined
      throw error
    })
    if (live !== this.#live) return
    if (done)
      throw new TransferError("network", `the source ended at byte ${this.#position} of ${this.descriptor.size}`, {
        side: "source",
      })
    this.#hash(value)
    this.#position += value.length
    this.#replay.push(value)
    this.#trim()
  }

  #hash(chunk: Buffer): void {
    const end = this.#position + chunk.length
    // A target that begins beyond what was hashed has the rest from elsewhere, and verifies the whole itself.
    if (this.#position > this.#hashed || end <= this.#hashed) return
    this.#verifier.update(this.#position === this.#hashed ? chunk : chunk.subarray(this.#hashed - this.#position))
    this.#hashed = end
    if (end === this.descriptor.size) this.#verify()
  }

  #verify(): void {
    if (this.#verified) return
    this.#verified = true
    try {
      this.#verifier.verify()
    } catch (error) {
      if (isTransferError(error)) this.failure = error
      throw error
    }
  }

  #trim(): void {
    let kept = this.#position - this.#replayFrom
    while (kept > this.#replayBytes) {
      const oldest = this.#replay[0]
      if (oldest === undefined || kept - oldest.length < this.#replayBytes) return
      this.#replay.shift()
      this.#letGo(oldest)
      this.#replayFrom += oldest.length
      kept -= oldest.length
    }
  }

  #letGo(chunk: Buffer): void {
    if (this.#released.delete(chunk)) giveBack(chunk)
  }
}
