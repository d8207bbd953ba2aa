import type { Clock } from "../content/clock.ts"

/** Waits until so many bytes may pass. */
export type Pace = (bytes: number, signal?: AbortSignal) => Promise<void> | undefined

/** A token bucket of a quarter of a second, shared by every blob of a session (`--limit-rate`). Undefined where there is no limit. */
export function paceOf(bytesPerSecond: number | undefined, clock: Clock): Pace {
  if (bytesPerSecond === undefined) return () => undefined
  let freeAt = clock.now()
  const burstMs = 250
  return (bytes, signal) => {
    const now = clock.now()
    freeAt = Math.max(freeAt, now - burstMs) + (bytes / bytesPerSecond) * 1000
    const waitMs = freeAt - now
    return waitMs > 1 ? clock.sleep(waitMs, signal) : undefined
  }
}
