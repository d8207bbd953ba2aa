import { throwIfCancelled } from "@entrepot/core"

/** One holder of each name at a time, within this process, in the order of asking. */
export class Turns {
  /** Who waits for a name that is held. */
  readonly #waiting = new Map<string, (() => void)[]>()

  isHeld(name: string): boolean {
    return this.#waiting.has(name)
  }

  /** Resolves with the way to let go. @throws TransferError `cancelled`. */
  async take(name: string, signal?: AbortSignal): Promise<() => void> {
    throwIfCancelled(signal)
    const waiting = this.#waiting.get(name)
    if (waiting === undefined) this.#waiting.set(name, [])
    else {
      await new Promise<void>((resolve) => {
        const stop = () => {
          waiting.splice(waiting.indexOf(come), 1)
          resolve()
        }
        const come = () => {
          signal?.removeEventListener("abort", stop)
          resolve()
        }
        signal?.addEventListener("abort", stop, { once: true })
        waiting.push(come)
      })
      throwIfCancelled(signal)
    }
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      const next = this.#waiting.get(name)?.shift()
      if (next === undefined) this.#waiting.delete(name)
      else next()
    }
  }
}
