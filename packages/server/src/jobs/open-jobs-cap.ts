import type { JobStore } from "@entrepot/db/stores"
import { ServiceError } from "../errors/service-error.ts"

const mostOpen = 10_000
/** A count is believed for so long, what was added here since is added to it. */
const believedMs = 10_000

interface Counted {
  readonly at: number
  open: number
}

/** Keeps one person from filling the queue for everybody (and the disk). */
export class OpenJobsCap {
  readonly #jobs: JobStore
  readonly #monotonic: () => number
  readonly #most: number
  readonly #counted = new Map<number, Counted>()

  constructor(jobs: JobStore, monotonic: () => number, most = mostOpen) {
    this.#jobs = jobs
    this.#monotonic = monotonic
    this.#most = most
  }

  /** Lets `count` more jobs of this owner in. @throws ServiceError `too_many`. */
  async take(ownerId: number, count: number): Promise<void> {
    let counted = this.#counted.get(ownerId)
    if (counted === undefined || this.#monotonic() - counted.at > believedMs) {
      const { queued, waiting, running } = await this.#jobs.counts({ ownerId })
      counted = { at: this.#monotonic(), open: queued + waiting + running }
      this.#counted.set(ownerId, counted)
    }
    if (counted.open + count > this.#most) {
      throw new ServiceError("too_many", `there are ${counted.open} jobs in the queue already; wait until some have ended`, {
        retryAfterSeconds: 60,
      })
    }
    counted.open += count
  }
}
