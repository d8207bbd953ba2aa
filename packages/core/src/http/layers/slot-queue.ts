import { cancelled } from "./clock.ts"

/** Gives the slot back; more than once does no harm. */
export type Release = () => void

/** At most `width()` holders at once; the others wait in the order in which they came. */
export class SlotQueue {
  readonly #width: () => number
  readonly #waiting: (() => void)[] = []
  #active = 0

  constructor(width: () => number) {
    this.#width = width
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
      signal?.addEventListener("abort", leave, { once: true })
    })
  }

  /** Lets in whom a larger width has room for. */
  advance(): void {
    while (!this.full) {
      const turn = this.#waiting.shift()
      if (!turn) return
      turn()
    }
  }

  #grant(): Release {
    this.#active += 1
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#active -= 1
      this.advance()
    }
  }
}
