import { and, asc, eq, gt } from "drizzle-orm"
import { type Context, rows, type Work } from "../engine/engine.ts"
import { toJob } from "./job-row.ts"
import type { QueueChange, Visibility } from "./job-store.ts"

/** JobStore.changes: of jobs that are, and of jobs that were taken out, in one order. */
export function* queueChanges(
  { db, tables: { jobs, removedJobs } }: Context,
  visibility: Visibility,
  after: number,
  limit: number,
): Work<readonly QueueChange[]> {
  const changed = yield* rows(
    db
      .select()
      .from(jobs)
      .where(and(gt(jobs.revision, after), visibility === "all" ? undefined : eq(jobs.ownerId, visibility.ownerId)))
      .orderBy(asc(jobs.revision))
      .limit(limit),
  )
  const removed = yield* rows(
    db
      .select()
      .from(removedJobs)
      .where(and(gt(removedJobs.revision, after), visibility === "all" ? undefined : eq(removedJobs.ownerId, visibility.ownerId)))
      .orderBy(asc(removedJobs.revision))
      .limit(limit),
  )
  return [
    ...changed.map((found) => ({ revision: found.revision, jobId: found.id, job: toJob(found) })),
    ...removed.map(({ revision, jobId }) => ({ revision, jobId, job: null })),
  ]
    .sort((one, other) => one.revision - other.revision)
    .slice(0, limit)
}
