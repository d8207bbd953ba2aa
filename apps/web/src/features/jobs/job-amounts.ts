import type { Job } from "@entrepot/client"

/** Bytes that a job has sent: of a running one so far. Undefined before there is anything to tell. */
export function bytesOf({ state, totals, progress }: Pick<Job, "state" | "totals" | "progress">): number | undefined {
  if (totals !== null) return totals.bytesSent
  return state === "running" ? progress?.bytesDone : undefined
}

/** How long it took, or has taken until now, milliseconds. Undefined when it never began. */
export function durationOf(
  { startedAt, endedAt, state }: Pick<Job, "startedAt" | "endedAt" | "state">,
  now: number,
): number | undefined {
  if (startedAt === null) return undefined
  if (endedAt !== null) return endedAt - startedAt
  return state === "running" ? Math.max(0, now - startedAt) : undefined
}

/** How far a running copy is, 0 to 1; undefined before its size is known. */
export function shareOf({ state, progress }: Pick<Job, "state" | "progress">): number | undefined {
  if (state !== "running" || progress === null || progress.bytesTotal <= 0) return undefined
  return Math.min(1, progress.bytesDone / progress.bytesTotal)
}
