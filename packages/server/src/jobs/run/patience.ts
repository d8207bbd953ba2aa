import type { TransferFailure } from "@entrepot/core"

export interface PatienceOptions {
  /** First wait where no time was named, doubled with each one that follows. Default 30,000. */
  readonly unnamedMs?: number
  /** 0 ≤ x < 1. */
  readonly random?: () => number
}

const longestUnnamedMs = 15 * 60_000
/** Docker Hub counts pulls in windows of six hours. */
const longestNamedMs = 6 * 60 * 60_000
const mostWaits = 24
/** A host that names a short time more often than this is believed less and less. */
const believedWaits = 3

/** When a job that met a rate limit is tried again (RELIABILITY fault 24). */
export class Patience {
  readonly #unnamedMs: number
  readonly #random: () => number
  readonly #waits = new Map<number, number>()

  constructor({ unnamedMs = 30_000, random = Math.random }: PatienceOptions = {}) {
    this.#unnamedMs = unnamedMs
    this.#random = random
  }

  /** Milliseconds to wait, undefined when it is no use any more. */
  next(jobId: number, { retryAfterMs }: TransferFailure): number | undefined {
    const waits = (this.#waits.get(jobId) ?? 0) + 1
    this.#waits.set(jobId, waits)
    if (waits > mostWaits) return undefined
    if (retryAfterMs === undefined) return this.#unnamed(waits)
    const atLeast = waits > believedWaits ? this.#unnamed(waits - believedWaits) : 0
    return Math.min(longestNamedMs, Math.max(retryAfterMs, atLeast))
  }

  /** The job has ended. */
  forget(jobId: number): void {
    this.#waits.delete(jobId)
  }

  #unnamed(waits: number): number {
    const ceiling = Math.min(longestUnnamedMs, this.#unnamedMs * 2 ** Math.min(waits - 1, 20))
    return Math.round(ceiling * (0.5 + this.#random() / 2))
  }
}
