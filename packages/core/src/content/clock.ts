import { TransferError } from "../errors/transfer-error.ts"

/** Time, handed in, so that a test can own it. */
export interface Clock {
  /** Milliseconds of a clock that never goes back: a token's age must not depend on somebody setting the time (RELIABILITY fault 40). */
  now(): number
  /** @throws TransferError `cancelled` as soon as `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Milliseconds since 1970, for the dates that servers write. Default the system's. */
  date?(): number
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled())
      const stop = () => {
        clearTimeout(timer)
        reject(cancelled())
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop)
        resolve()
      }, ms)
      signal?.addEventListener("abort", stop, { once: true })
    }),
}

/** Sleeps until one of the signals is aborted, whichever they are. @throws TransferError `cancelled`. */
export async function sleepUnless(clock: Clock, ms: number, ...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  // Not AbortSignal.any: it leaves something behind in a signal that lives as long as the process.
  const either = new AbortController()
  const stop = () => either.abort()
  const present = signals.filter((signal) => signal !== undefined)
  if (present.some((signal) => signal.aborted)) throw cancelled()
  for (const signal of present) signal.addEventListener("abort", stop, { once: true })
  try {
    await clock.sleep(ms, either.signal)
  } finally {
    for (const signal of present) signal.removeEventListener("abort", stop)
  }
}

/** What a wait throws when its signal is aborted. */
export function cancelled(): TransferError {
  return new TransferError("cancelled", "cancelled")
}
