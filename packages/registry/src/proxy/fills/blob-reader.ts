import { type ByteStream, cancelled } from "@entrepot/core"
import type { GrowingBlob } from "./growing-blob.ts"

/** One of those who read a blob on its way. */
export class BlobReader {
  readonly #blob: GrowingBlob
  readonly #to: number
  readonly #signal: AbortSignal
  readonly #stop = () => this.leave()
  #ring: (() => void) | undefined
  /** Offset of the next byte that it gets. */
  position: number

  constructor(blob: GrowingBlob, from: number, to: number, signal: AbortSignal) {
    this.#blob = blob
    this.position = from
    this.#to = to
    this.#signal = signal
    signal.addEventListener("abort", this.#stop, { once: true })
  }

  /** Looks again: bytes have come, or the end. */
  wake(): void {
    const ring = this.#ring
    this.#ring = undefined
    ring?.()
  }

  leave(): void {
    this.#signal.removeEventListener("abort", this.#stop)
    this.#blob.leave(this)
    this.wake()
  }

  /** Resolves when the first byte is there. @throws what the fill failed with; TransferError `cancelled`. */
  async started(): Promise<void> {
    const isEmpty = this.position >= this.#to
    while (isEmpty ? !this.#blob.isVerified : this.#blob.readableBytes <= this.position) await this.#more()
  }

  /** Call once. The reader leaves at the end. @throws what the fill failed with; TransferError `digest_mismatch`, `cancelled`. */
  async *bytes(): ByteStream {
    const blob = this.#blob
    let seen: number | undefined
    try {
      while (this.position < this.#to) {
        if (this.#signal.aborted) throw cancelled()
        blob.assertGood(seen)
        const end = Math.min(this.#to, blob.readableBytes)
        if (this.position >= end) {
          await this.#more()
          continue
        }
        const attempt = blob.attempt
        const piece = await this.#piece(end)
        if (attempt !== blob.attempt || piece === undefined) continue
        seen = attempt
        this.position += piece.length
        blob.advanced()
        yield piece
      }
    } finally {
      this.leave()
    }
  }

  /** Undefined when the bytes were given up while they were read. */
  async #piece(end: number): Promise<Buffer | undefined> {
    const { attempt } = this.#blob
    try {
      return await this.#blob.piece(this.position, end)
    } catch (error) {
      this.#blob.assertGood()
      if (attempt === this.#blob.attempt) throw error
      return undefined
    }
  }

  async #more(): Promise<void> {
    if (this.#signal.aborted) throw cancelled()
    this.#blob.assertGood()
    await new Promise<void>((resolve) => {
      this.#ring = resolve
    })
  }
}
