import { cancelled } from "../../content/clock.ts"

interface Flight<T> {
  readonly result: Promise<T>
  readonly abort: AbortController
  waiters: number
}

/** One piece of work at a time for each key: whoever asks meanwhile gets the same result. It is given up when all who asked have left. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>()

  /** @throws what `work` throws; TransferError `cancelled` when `signal` is aborted first, without disturbing the others. */
  async run(key: string, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal?.aborted) throw cancelled()
    const flight = this.#flights.get(key) ?? this.#start(key, work)
    flight.waiters += 1
    let stop: (() => void) | undefined
    const left = new Promise<never>((_, reject) => {
      stop = () => reject(cancelled())
      signal?.addEventListener("abort", stop, { once: true })
    })
    try {
      return await Promise.race([flight.result, left])
    } finally {
      if (stop) signal?.removeEventListener("abort", stop)
      flight.waiters -= 1
      if (flight.waiters === 0) {
        if (this.#flights.get(key) === flight) this.#flights.delete(key)
        flight.abort.abort()
      }
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController()
    const result = work(abort.signal)
    const flight: Flight<T> = { result, abort, waiters: 0 }
    this.#flights.set(key, flight)
    const done = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    result.then(done, done)
    return flight
  }
}
