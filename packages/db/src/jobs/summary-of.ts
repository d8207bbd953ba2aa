import type { BatchSummary, JobState } from "./job.ts"

/** A count for every state, from a count for those that there are. */
export function summaryOf(counts: readonly { readonly state: string; readonly count: number }[]): BatchSummary {
  const summary: Record<JobState, number> = { queued: 0, waiting: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 }
  for (const { state, count } of counts) summary[state as JobState] = count
  return summary
}
