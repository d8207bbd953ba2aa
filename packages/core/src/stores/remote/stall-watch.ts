import { TransferError } from "../../errors/transfer-error.ts"

export interface StallLimits {
  /** No byte taken by the operating system for so long: the connection is dead. Default 10,000. */
  readonly stallTimeoutMs: number
  /**
   * No answer for so long after the last byte was taken, beside the time that the bytes on the way still need. Default 30,000 for the request that
   * closes an upload, and more for large blobs; half of it for one that only carries a piece.
   */
  readonly answerTimeoutMs: number
}

/** Bytes that the buffers on the way may hold after the last one was taken. */
const bufferedOnTheWay = 8 * 1024 * 1024

/**
 * Watches one request that carries blob bytes, and aborts its `signal` when the target stops taking them or never answers. Only bytes that were
 * offered and not taken count: a slow source, or a request that has to wait its turn, is no stall.
 */
export class StallWatch {
  readonly #limits: StallLimits
  readonly #length: number
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #abort = () => this.#controller.abort(this.#outer?.reason)
  #timer: NodeJS.Timeout | undefined
  #startedAt = 0
  #offered = 0
  #sent = 0
  #stalled: TransferError | undefined
  #closed = false

  /** `length` is the number of body bytes; `outer` aborts as well. */
  constructor(length: number, limits: StallLimits, outer: AbortSignal | undefined) {
    this.#length = length
    this.#limits = limits
    this.#outer = outer
    if (outer?.aborted) this.#abort()
    else outer?.addEventListener("abort", this.#abort, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Bytes that the operating system has taken. */
  get sent(): number {
    return this.#sent
  }

  /** Why this watch aborted the request, if it did. */
  get stalled(): TransferError | undefined {
    return this.#stalled
  }

  /** So many bytes of the body have been handed to the transport. */
  offered(bytes: number): void {
    // the layers below begin the body again
    if (bytes <= this.#offered) {
      this.#offered = 0
      this.#sent = 0
    }
    if (this.#offered === 0) this.#startedAt = performance.now()
    const idle = this.#offered === this.#sent
    this.#offered = bytes
    if (idle) this.#expectTaking()
  }

  /** So many of them the operating system has taken. */
  taken(bytes: number): void {
    this.#sent = bytes
    clearTimeout(this.#timer)
    if (bytes >= this.#length) this.#expectAnswer()
    else if (bytes < this.#offered) this.#expectTaking()
  }

  /** Ends it for good: what the operating system takes, or the source gives, after that is no reason to watch again. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener("abort", this.#abort)
  }

  #expectTaking(): void {
    this.#arm(this.#limits.stallTimeoutMs, (seconds) => `the connection took no byte for ${seconds} s`)
  }

  #expectAnswer(): void {
    const sendingMs = performance.now() - this.#startedAt
    const drainMs = sendingMs * Math.min(1, bufferedOnTheWay / this.#length)
    this.#arm(
      this.#limits.answerTimeoutMs + drainMs,
      (seconds) => `there was no answer ${Math.round(seconds)} s after the last byte`,
    )
  }

  #arm(ms: number, explain: (seconds: number) => string): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#stalled = new TransferError("network", explain(ms / 1000))
      this.#controller.abort(this.#stalled)
    }, ms)
  }
}
