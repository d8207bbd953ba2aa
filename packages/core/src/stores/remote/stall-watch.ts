import { TransferError } from "../../errors/transfer-error.ts"
import type { SourceWait } from "./upload-reader.ts"

export interface StallLimits {
  /** No byte taken by the operating system for so long: the connection is dead. Default 10,000. */
  readonly stallTimeoutMs: number
  /** No answer for so long after the last byte was taken. Default 30,000; the request that closes an upload gets more for large blobs. */
  readonly answerTimeoutMs: number
}

/**
 * Watches one request that carries blob bytes, and aborts its `signal` when the target stops taking them or never answers. Time in which the
 * source has nothing to send, or before the request is sent, does not count.
 */
export class StallWatch implements SourceWait {
  readonly #limits: StallLimits
  readonly #length: number
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #abort = () => this.#controller.abort(this.#outer?.reason)
  #timer: NodeJS.Timeout | undefined
  #sent = 0
  #stalled: TransferError | undefined

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

  taken(bytes: number): void {
    this.#sent = bytes
    if (bytes >= this.#length) this.#expectAnswer()
    else this.arrived()
  }

  waiting(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  arrived(): void {
    this.#arm(this.#limits.stallTimeoutMs, (seconds) => `the connection took no byte for ${seconds} s`)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener("abort", this.#abort)
  }

  #expectAnswer(): void {
    this.#arm(this.#limits.answerTimeoutMs, (seconds) => `there was no answer ${Math.round(seconds)} s after the last byte`)
  }

  #arm(ms: number, explain: (seconds: number) => string): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#stalled = new TransferError("network", explain(ms / 1000))
      this.#controller.abort(this.#stalled)
    }, ms)
  }
}
