/** How many requests a host gets at once to begin with. */
const startWidth = 8

/**
 * How many requests at once a host bears (additive increase, multiplicative decrease). Until the first 429 every success at full width
 * adds one, so that a fast host is found out in a few round trips; after it, a whole window of successes does. A 429 halves once for all
 * requests that were under way when it came.
 */
export class AdaptiveWidth {
  readonly #max: number
  #width: number
  #successes = 0
  #cutAt: number | undefined

  constructor(max: number) {
    this.#max = max
    this.#width = Math.min(startWidth, max)
  }

  get value(): number {
    return this.#width
  }

  /** A request ended well; `full` when the width was what held others back. */
  succeeded(full: boolean): void {
    if (!full || this.#width >= this.#max) return
    this.#successes += 1
    if (this.#cutAt !== undefined && this.#successes < this.#width) return
    this.#successes = 0
    this.#width += 1
  }

  /** A request that began at `startedAt` was refused at `now` for coming too fast. True when this was the first of its epoch. */
  refused(startedAt: number, now: number): boolean {
    if (this.#cutAt !== undefined && startedAt <= this.#cutAt) return false
    this.#cutAt = now
    this.#successes = 0
    this.#width = Math.max(1, Math.floor(this.#width / 2))
    return true
  }
}
