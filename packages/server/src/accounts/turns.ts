import { ServiceError } from "../errors/service-error.ts"

/** A few at a time, and a short line before the door: work that costs much must not pile up. */
export class Turns {
  readonly #atOnce: number
  readonly #maxWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(atOnce: number, maxWaiting: number) {
    this.#atOnce = atOnce
    this.#maxWaiting = maxWaiting
  }

  /** Runs `work` when its turn has come. @throws ServiceError `too_many` when the line is full; what `work` throws. */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#atOnce) this.#running++
    else await this.#wait()
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }

  /** Resolves with the place of somebody who leaves: the number of those running stays. */
  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) {
      throw new ServiceError("too_many", "too many logins at once; try again in a moment", { retryAfterSeconds: 2 })
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
