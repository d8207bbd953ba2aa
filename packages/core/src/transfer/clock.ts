import { TransferError } from "../errors/transfer-error.ts"

/** Time as the transfer sees it: handed in, so that a test can own it. */
export interface Clock {
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** @throws TransferError `cancelled` as soon as `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const cancelled = () => {
        clearTimeout(timer)
        reject(new TransferError("cancelled", "cancelled"))
      }
      if (signal?.aborted) return reject(new TransferError("cancelled", "cancelled"))
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", cancelled)
        resolve()
      }, ms)
      signal?.addEventListener("abort", cancelled, { once: true })
    }),
}
