import { desc, eq, inArray, lt, or } from "drizzle-orm"
import { type Context, rows, run, type Work } from "../engine/engine.ts"
import { currentJob } from "./change-jobs.ts"
import { isEnded } from "./job.ts"
import { QueueChange } from "./queue-change.ts"
import { settleBatches } from "./settle-batches.ts"

/** For so long followers are told that a job is gone; who was away for longer reads the queue anew. */
const rememberMs = 7 * 24 * 3_600_000
const mostAtOnce = 200

/** JobStore.remove, as one transaction. */
export function* removeJob(context: Context, id: number, at: number): Work<boolean> {
  const { db, tables } = context
  const { jobs, removedJobs } = tables
  const change = yield* QueueChange.begin(context)
  const job = yield* currentJob(change, id)
  if (!job || !isEnded(job)) return false
  const gone = yield* rows(
    db
      .select({ jobId: jobs.id, ownerId: jobs.ownerId })
      .from(jobs)
      .where(or(eq(jobs.id, id), eq(jobs.parentId, id)))
      .orderBy(desc(jobs.id)),
  )
  const first = yield* change.revisions(gone.length)
  const tombstones = gone.map((each, index) => ({ ...each, revision: first + index, removedAt: at }))
  for (let start = 0; start < gone.length; start += mostAtOnce) {
    const part = tombstones.slice(start, start + mostAtOnce)
    yield* run(db.insert(removedJobs).values(part))
    // Its events, and a batch's children, go with it by their foreign keys.
    yield* run(
      db.delete(jobs).where(
        inArray(
          jobs.id,
          part.map(({ jobId }) => jobId),
        ),
      ),
    )
  }
  yield* run(db.delete(removedJobs).where(lt(removedJobs.removedAt, at - rememberMs)))
  yield* settleBatches(change, [job], at)
  return true
}
