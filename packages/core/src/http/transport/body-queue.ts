import { TransferError } from "../../errors/transfer-error.ts"
import type { ResponseBody } from "../http.ts"

/** Bytes that may wait for the consumer before the socket is paused. */
const queueLimit = 1024 * 1024

/** A rest of at most so many bytes is read to its end by `discard`, so that the connection can be used again. */
const drainLimit = 64 * 1024

export interface BodyQueueOptions {
  readonly host: string
  /** The length that the head promised. */
  readonly length: number | undefined
  /** The queue is full: stop reading. */
  pause(): void
  /** There is room again. */
  resume(): void
  /** The consumer has lost interest before the end. */
  abandon(): void
}

/** The bounded queue between a socket and the consumer of a response body. */
export class BodyQueue implements ResponseBody {
  readonly #options: BodyQueueOptions
  readonly #chunks: Buffer[] = []
  #queued = 0
  #paused = false
  #ended = false
  #closed = false
  #error: unknown
  #waiting: { resolve(result: IteratorResult<Buffer, undefined>): void; reject(error: unknown): void } | undefined

  constructor(options: BodyQueueOptions) {
    this.#options = options
  }

  push(chunk: Buffer): void {
    if (this.#closed) return
    const waiting = this.#waiting
    if (waiting) {
      this.#waiting = undefined
      waiting.resolve({ value: chunk, done: false })
      return
    }
    this.#chunks.push(chunk)
    this.#queued += chunk.length
    if (!this.#paused && this.#queued >= queueLimit) {
      this.#paused = true
      this.#options.pause()
    }
  }

  /** No more bytes will come: all of them have (no `error`), or the rest is lost. */
  end(error?: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    const waiting = this.#waiting
    this.#waiting = undefined
    if (error !== undefined) waiting?.reject(error)
    else waiting?.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer, undefined> {
    return {
      next: () => this.#next(),
      return: async () => {
        this.#abandon()
        return { value: undefined, done: true }
      },
    }
  }

  async bytes(limit: number): Promise<Buffer> {
    const { length, host } = this.#options
    const tooLarge = () => new TransferError("too_large", `${host} answered with more than ${limit} bytes`, { host })
    if (length !== undefined && length > limit) {
      this.#abandon()
      throw tooLarge()
    }
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of this) {
      size += chunk.length
      if (size > limit) throw tooLarge()
      chunks.push(chunk)
    }
    return Buffer.concat(chunks, size)
  }

  async discard(): Promise<void> {
    const { length } = this.#options
    if (length !== undefined && length > drainLimit) return this.#abandon()
    let size = 0
    try {
      for await (const chunk of this) {
        size += chunk.length
        if (size > drainLimit) break
      }
    } catch {
      // Nobody wants these bytes, so nobody misses them.
    }
  }

  #next(): Promise<IteratorResult<Buffer, undefined>> {
    const chunk = this.#chunks.shift()
    if (chunk) {
      this.#queued -= chunk.length
      if (this.#paused && this.#queued <= queueLimit / 2) {
        this.#paused = false
        this.#options.resume()
      }
      return Promise.resolve({ value: chunk, done: false })
    }
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (this.#ended || this.#closed) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  #abandon(): void {
    if (this.#closed) return
    this.#closed = true
    this.#chunks.length = 0
    this.#waiting?.resolve({ value: undefined, done: true })
    this.#waiting = undefined
    if (!this.#ended) this.#options.abandon()
  }
}
