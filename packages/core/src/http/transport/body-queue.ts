import { TransferError } from "../../errors/transfer-error.ts"
import type { ResponseBody } from "../http.ts"

/** Bytes that may wait for the consumer before the socket is paused. */
const queueLimit = 1024 * 1024

/** A rest of at most so many bytes is read to its end by `discard`, so that the connection can be used again. */
const drainLimit = 64 * 1024

/** How long `discard` waits for that rest, in milliseconds. */
const drainTimeMs = 2000

/** Chunks that wait are joined below this size: a server that sends single bytes shall not cost a hundred times their memory. */
const smallChunk = 4 * 1024
const joinedSize = 16 * 1024

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
  /** Small chunks behind the last one, joined. */
  #joined: Buffer | undefined
  #joinedUsed = 0
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
    if (chunk.length < smallChunk) this.#join(chunk)
    else {
      this.#endJoined()
      this.#chunks.push(chunk)
    }
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
    let whole = Buffer.allocUnsafe(Math.min(length ?? joinedSize, limit))
    let size = 0
    for await (const chunk of this) {
      const end = size + chunk.length
      if (end > limit) throw tooLarge()
      if (end > whole.length) {
        const larger = Buffer.allocUnsafe(Math.min(Math.max(end, whole.length * 2), limit))
        whole.copy(larger, 0, 0, size)
        whole = larger
      }
      chunk.copy(whole, size)
      size = end
    }
    return whole.subarray(0, size)
  }

  async discard(): Promise<void> {
    const { length } = this.#options
    if (length !== undefined && length > drainLimit) return this.#abandon()
    let size = 0
    const timer = setTimeout(() => this.#abandon(), drainTimeMs)
    try {
      for await (const chunk of this) {
        size += chunk.length
        if (size > drainLimit) break
      }
    } catch {
      // Nobody wants these bytes, so nobody misses them.
    } finally {
      clearTimeout(timer)
    }
  }

  #next(): Promise<IteratorResult<Buffer, undefined>> {
    const chunk = this.#take()
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

  #take(): Buffer | undefined {
    if (this.#chunks.length === 0) this.#endJoined()
    return this.#chunks.shift()
  }

  #join(chunk: Buffer): void {
    if (this.#joined !== undefined && this.#joinedUsed + chunk.length > joinedSize) this.#endJoined()
    this.#joined ??= Buffer.allocUnsafeSlow(joinedSize)
    chunk.copy(this.#joined, this.#joinedUsed)
    this.#joinedUsed += chunk.length
  }

  #endJoined(): void {
    if (this.#joined === undefined) return
    this.#chunks.push(this.#joined.subarray(0, this.#joinedUsed))
    this.#joined = undefined
    this.#joinedUsed = 0
  }

  #abandon(): void {
    if (this.#closed) return
    this.#closed = true
    this.#chunks.length = 0
    this.#joined = undefined
    this.#waiting?.resolve({ value: undefined, done: true })
    this.#waiting = undefined
    if (!this.#ended) this.#options.abandon()
  }
}
