interface Ended {
  readonly succeeded: number
  readonly unchanged: number
  readonly failed: number
}

/** The share of what was tried and came to a good end, 0 to 1; null where nothing was tried. What was cancelled was not tried to its end. */
export function successRate({ succeeded, unchanged, failed }: Ended): number | null {
  const tried = succeeded + unchanged + failed
  return tried === 0 ? null : (succeeded + unchanged) / tried
}

/** All jobs that ended. */
export function endedJobs(tally: Ended & { readonly cancelled: number }): number {
  return tally.succeeded + tally.unchanged + tally.failed + tally.cancelled
}
