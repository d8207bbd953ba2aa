/** Pauses before each further try of a message, in milliseconds; after the last it has failed. */
export const pausesMs = [5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000] as const

/** The longest that a receiver's Retry-After is heeded, in milliseconds. */
const longestPauseMs = 7_200_000

/** How long to wait after that try, counted from 1: no less than the receiver asked for. Undefined when it was the last. */
export function pauseAfter(attempt: number, retryAfterMs = 0): number | undefined {
  const pauseMs = pausesMs[attempt - 1]
  return pauseMs === undefined ? undefined : Math.min(Math.max(pauseMs, retryAfterMs), longestPauseMs)
}
