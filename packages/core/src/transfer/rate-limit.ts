import { type Clock, sleepUnless } from "../content/clock.ts"

/** Waits until so many bytes may pass. */
export type Pace = (bytes: number, signal?: AbortSignal) => Promise<void> | undefined

const burstSeconds = 0.25

/**
 * A token bucket of a quarter of a second, shared by every blob that asks its `pace`, whose width can be changed while they flow: what waits is
 * then let through at the new rate. Undefined: there is no limit.
 */
export class RateLimit {
  readonly #clock: Clock
  #bytesPerSecond: number | undefined
  /** When `#granted` was counted, milliseconds of the clock. */
  #countedAt: number
  /** Bytes that might have passed until then. */
  #granted = 0
  /** Bytes that were spoken for, those that passed and those that wait. */
  #taken = 0
  #changed = new AbortController()

  constructor(bytesPerSecond: number | undefined, clock: Clock) {
    this.#clock = clock
    this.#bytesPerSecond = bytesPerSecond
    this.#countedAt = clock.now()
  }

  /** In force at once, for those who wait as well. */
  change(bytesPerSecond: number | undefined): void {
    if (bytesPerSecond === this.#bytesPerSecond) return
    const granted = this.#count()
    // Who waited passes now, and nobody pays for it later.
    if (bytesPerSecond === undefined) this.#taken = Math.min(this.#taken, granted)
    this.#bytesPerSecond = bytesPerSecond
    const before = this.#changed
    this.#changed = new AbortController()
    before.abort()
  }

  readonly pace: Pace = (bytes, signal) => {
    if (this.#bytesPerSecond === undefined) return undefined
    const granted = this.#count()
    this.#taken = Math.max(this.#taken, granted - this.#bytesPerSecond * burstSeconds) + bytes
    return this.#waitMs(this.#taken) > 1 ? this.#wait(this.#taken, signal) : undefined
  }

  async #wait(due: number, signal: AbortSignal | undefined): Promise<void> {
    for (let waitMs = this.#waitMs(due); waitMs > 1; waitMs = this.#waitMs(due)) {
      const changed = this.#changed.signal
      try {
        await sleepUnless(this.#clock, waitMs, signal, changed)
      } catch (error) {
        if (!changed.aborted || signal?.aborted) throw error
      }
    }
  }

  #waitMs(due: number): number {
    return this.#bytesPerSecond === undefined ? 0 : ((due - this.#count()) / this.#bytesPerSecond) * 1000
  }

  /** Nothing is granted while there is no limit: who comes later waits for nobody who passed then. */
  #count(): number {
    const now = this.#clock.now()
    this.#granted += ((now - this.#countedAt) / 1000) * (this.#bytesPerSecond ?? 0)
    this.#countedAt = now
    return this.#granted
  }
}

/** The pace of a limit that stays as it is (`--limit-rate`). Undefined where there is no limit. */
export function paceOf(bytesPerSecond: number | undefined, clock: Clock): Pace {
  return new RateLimit(bytesPerSecond, clock).pace
}
