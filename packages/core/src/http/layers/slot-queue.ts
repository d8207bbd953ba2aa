import { cancelled } from "../../content/clock.ts"

/** Gives the slot back; more than once does no harm. */
export type Release = () => void

/**
 * At most `width()` holders at once; the others wait in the order in which they came. When nothing has moved for `standstillMs` the next one
 * is let in all the same: a holder may itself be waiting for something that only comes after one of those in the queue, as when two blobs
 * need each other's connections at a source and a target that have both become narrow.
 */
export class SlotQueue {
  readonly #width: () => number
  readonly #standstillMs: number
  readonly #waiting: (() => void)[] = []
  #active = 0
  #movedAt = 0
  #watch: NodeJS.Timeout | undefined

  constructor(width: () => number, standstillMs: number) {
    this.#width = width
    this.#standstillMs = standstillMs
  }

  get active(): number {
    return this.#active
  }

  get waiting(): number {
    return this.#waiting.length
  }

  get full(): boolean {
    return this.#active >= this.#width()
  }

  /** @throws TransferError `cancelled` when `signal` is aborted while waiting. */
  take(signal?: AbortSignal): Promise<Release> {
    if (signal?.aborted) return Promise.reject(cancelled())
    if (!this.full && this.#waiting.length === 0) return Promise.resolve(this.#grant())
    return new Promise((resolve, reject) => {
      const turn = () => {
        signal?.removeEventListener("abort", leave)
        resolve(this.#grant())
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1)
        reject(cancelled())
      }
      this.#waiting.push(turn)
      this.#watchOut()
      signal?.addEventListener("abort", leave, { once: true })
    })
  }

  /** A holder got on with its work. */
  moved(): void {
    this.#movedAt = performance.now()
  }

  /** Lets in whom a larger width has room for. */
  advance(): void {
    while (!this.full) {
      const turn = this.#waiting.shift()
      if (!turn) return
      turn()
    }
  }

  #watchOut(): void {
    if (this.#watch || this.#waiting.length === 0) return
    const restMs = Math.max(1, this.#movedAt + this.#standstillMs - performance.now())
    this.#watch = setTimeout(() => {
      this.#watch = undefined
      if (performance.now() - this.#movedAt >= this.#standstillMs) this.#waiting.shift()?.()
      this.#watchOut()
    }, restMs)
    this.#watch.unref()
  }

  #grant(): Release {
    this.moved()
    this.#active += 1
    let held = true
    return () => {
      if (!held) return
      held = false
      this.moved()
      this.#active -= 1
      this.advance()
    }
  }
}
