import { setTimeout as sleep } from "node:timers/promises"

/** Lets bytes through at a rate that whoever shares it shares fairly: first come, first served, slice by slice. */
export class Throttle {
  readonly #bytesPerSecond: number
  #freeAt = 0

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond
  }

  /** Size in which bytes should be asked for, so that a turn is short. */
  get sliceBytes(): number {
    return Math.max(1, Math.min(64 * 1024, Math.round(this.#bytesPerSecond / 50)))
  }

  /** Resolves when these bytes have gone through. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    const now = performance.now()
    this.#freeAt = Math.max(this.#freeAt, now) + (bytes / this.#bytesPerSecond) * 1000
    const wait = this.#freeAt - now
    if (wait > 0.5) await sleep(wait, undefined, signal ? { signal } : {})
  }
}
