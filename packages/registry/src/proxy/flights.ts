import { cancelled } from "@entrepot/core"

/**
 * One piece of work at a time for each key, however many wait for it. It goes on when they leave: what an upstream answers is worth keeping. `closing`
 * ends all of it.
 */
export class Flights<T> {
  readonly #flights = new Map<string, Promise<T>>()
  readonly #closing: AbortSignal

  constructor(closing: AbortSignal) {
    this.#closing = closing
  }

  /** @throws what `work` throws; TransferError `cancelled` when `signal` is aborted first. */
  run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    let flight = this.#flights.get(key)
    if (flight === undefined) {
      flight = work(this.#closing).finally(() => this.#flights.delete(key))
      // Whoever waits hears of a failure; nobody may be left.
      flight.catch(() => undefined)
      this.#flights.set(key, flight)
    }
    return unlessAborted(flight, signal)
  }

  /** Resolves when nothing is on its way any more. */
  async landed(): Promise<void> {
    await Promise.allSettled(this.#flights.values())
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(cancelled())
    if (signal.aborted) return stop()
    signal.addEventListener("abort", stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop))
  })
}
