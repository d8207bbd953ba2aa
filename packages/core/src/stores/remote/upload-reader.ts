import type { Descriptor } from "../../content/descriptor.ts"
import type { BlobBody } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"

/**
 * Cuts one blob into the pieces that an upload sends. Pieces that follow each other are cut from one reading of the source; any other offset starts
 * a new reading. The last buffer is held back until the source says that the whole was right, so a corrupt blob is never complete at the target.
 */
export class UploadReader {
  readonly #blob: Descriptor
  readonly #body: BlobBody
  #iterator: AsyncIterator<Buffer> | undefined
  #position = 0
  #left: Buffer | undefined
  #turn = 0
  /** A piece waits for the source: what comes next goes to it, and would be missing from another piece. */
  #awaited = false
  #failure: { readonly error: unknown } | undefined

  constructor(blob: Descriptor, body: BlobBody) {
    this.#blob = blob
    this.#body = body
  }

  /** What the source threw: then the upload cannot go on, whatever the target says. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure
  }

  /** Bytes `from` (inclusive) to `to` (exclusive); `offered` is told how many have been yielded. A new piece ends the one before. */
  async *piece(from: number, to: number, offered: (bytes: number) => void): AsyncGenerator<Buffer, void> {
    const turn = ++this.#turn
    if (this.#iterator === undefined || from !== this.#position || this.#awaited) this.#seek(from)
    while (this.#position < to) {
      const buffer = this.#left ?? (await this.#next(turn))
      if (turn !== this.#turn) return
      this.#awaited = false
      this.#left = undefined
      if (buffer === undefined) throw this.#fail(this.#wrongLength("ends early"))
      const wanted = to - this.#position
      if (buffer.length > wanted) this.#left = buffer.subarray(wanted)
      const part = buffer.length > wanted ? buffer.subarray(0, wanted) : buffer
      this.#position += part.length
      if (this.#position === this.#blob.size) {
        const more = this.#left ?? (await this.#next(turn))
        if (turn !== this.#turn) return
        this.#awaited = false
        if (more !== undefined) throw this.#fail(this.#wrongLength("is longer than promised"))
      }
      offered(this.#position - from)
      yield part
    }
  }

  /** The target has taken this buffer of a piece and will not look at it again. */
  release(buffer: Buffer): void {
    this.#body.release?.(buffer)
  }

  /** Ends the reading. */
  close(): void {
    this.#turn++
    this.#end()
  }

  #seek(from: number): void {
    this.#end()
    this.#position = from
    this.#iterator = this.#body.read(from)[Symbol.asyncIterator]()
  }

  #end(): void {
    // not awaited: a source that hangs must not hold up the upload
    this.#iterator?.return?.().catch(() => {})
    this.#iterator = undefined
    this.#left = undefined
    this.#awaited = false
  }

  async #next(turn: number): Promise<Buffer | undefined> {
    const iterator = this.#iterator
    this.#awaited = true
    try {
      for (;;) {
        const result = await iterator?.next()
        if (result === undefined || result.done) return undefined
        if (result.value.length > 0) return result.value
      }
    } catch (error) {
      if (turn !== this.#turn) return undefined
      throw this.#fail(error)
    }
  }

  #wrongLength(problem: string): TransferError {
    const { digest, size } = this.#blob
    return new TransferError("digest_mismatch", `the blob ${digest} ${problem}: ${size} bytes were expected`)
  }

  #fail(error: unknown): unknown {
    this.#failure = { error }
    return error
  }
}
