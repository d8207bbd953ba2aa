import { eq } from "drizzle-orm"
import { type Context, rows, type Work } from "../engine/engine.ts"
import { changeJobs, currentJob, moveJobs } from "./change-jobs.ts"
import { isEnded } from "./job.ts"
import { cancelledAt } from "./leased-job.ts"
import { QueueChange } from "./queue-change.ts"
import { settleBatches } from "./settle-batches.ts"

/** JobStore.cancel, as one transaction. */
export function* cancelJob(context: Context, id: number, at: number): Work<boolean> {
  const { db, tables } = context
  const { jobs } = tables
  const change = yield* QueueChange.begin(context)
  const job = yield* currentJob(change, id)
  if (!job || isEnded(job)) return false
  const isBatch = job.kind === "batch"
  const affected = isBatch ? yield* rows(db.select().from(jobs).where(eq(jobs.parentId, id))) : [job]
  const flag = { at, set: { cancelRequested: true }, events: [] }
  if (isBatch) yield* changeJobs(change, [job], flag)
  yield* changeJobs(
    change,
    affected.filter((each) => each.state === "running" && !each.cancelRequested),
    flag,
  )
  const idle = affected.filter((each) => each.state === "queued" || each.state === "waiting")
  yield* moveJobs(change, idle, at, cancelledAt(at))
  yield* settleBatches(change, affected, at)
  return true
}
