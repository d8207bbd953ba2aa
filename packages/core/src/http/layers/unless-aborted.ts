import { cancelled } from "../../content/clock.ts"

/** What `work` gives, unless `signal` is aborted first; the work itself goes on. @throws what `work` throws; TransferError `cancelled`. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const stop = () => reject(cancelled())
    if (signal.aborted) return stop()
    signal.addEventListener("abort", stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop))
  })
}
