import type { Clock } from "../content/clock.ts"

/** RELIABILITY section 2: full jitter, a number of tries without progress, any gained mebibyte starts the count again. */
export interface RetryPolicy {
  /** Tries without progress before it fails. */
  readonly attempts: number
  readonly minMs: number
  readonly maxMs: number
  /** Longest time that a server may ask to wait, milliseconds. */
  readonly maxWaitMs: number
  readonly random: () => number
  readonly clock: Clock
}

/** Bytes after which a connection that broke was worth it. */
export const progressBytes = 1024 * 1024

/** Counts the tries of one request that goes on where it broke off. */
export class RetryCount {
  readonly #policy: RetryPolicy
  #failures = 0
  #receivedBefore = 0

  constructor(policy: RetryPolicy) {
    this.#policy = policy
  }

  /**
   * How long to wait before the next try, in milliseconds; undefined when there is none left.
   * @param received bytes gained in all so far: after enough progress there is no wait, and the count starts again
   * @param atLeastMs what a server asked for
   * @param tries how often the layers below have tried already: their tries and ours are not multiplied
   */
  next(received: number, atLeastMs = 0, tries = 1): number | undefined {
    if (atLeastMs > this.#policy.maxWaitMs) {
      this.#failures += tries
      return undefined
    }
    const progressed = received - this.#receivedBefore >= progressBytes
    this.#receivedBefore = received
    if (progressed) {
      this.#failures = 0
      return atLeastMs
    }
    this.#failures += tries
    if (this.#failures >= this.#policy.attempts) return undefined
    const ceiling = Math.min(this.#policy.maxMs, this.#policy.minMs * 2 ** (this.#failures - 1))
    return Math.max(atLeastMs, ceiling * this.#policy.random())
  }

  get failures(): number {
    return this.#failures
  }
}
