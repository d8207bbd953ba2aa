import { and, eq } from "drizzle-orm"
import { type Context, row, type Work } from "../engine/engine.ts"
import { changeJobs, type JobColumns, moveJobs } from "./change-jobs.ts"
import type { WaitReason } from "./job.ts"
import { type JobRow, jsonOrNull } from "./job-row.ts"
import type { JobRecord, JobResult, Lease } from "./job-store.ts"
import { QueueChange } from "./queue-change.ts"
import { settleBatches } from "./settle-batches.ts"

/** JobStore.record, as one transaction. */
export function* recordJob(context: Context, lease: Lease, record: JobRecord): Work<boolean> {
  return yield* underLease(context, lease, function* (change, job) {
    yield* changeJobs(change, [job], { at: record.at, set: recorded(record), events: record.events })
  })
}

/** JobStore.finish, as one transaction. */
export function* finishJob(context: Context, lease: Lease, result: JobResult): Work<boolean> {
  return yield* underLease(context, lease, function* (change, job) {
    const set = {
      state: result.state,
      endedAt: result.at,
      runnerId: null,
      progress: null,
      cancelRequested: false,
      digest: result.digest ?? job.digest,
      unchanged: result.unchanged ?? false,
      failure: jsonOrNull(result.failure),
      errorMessage: result.failure?.message ?? null,
      totals: jsonOrNull(result.totals),
    }
    yield* settleBatches(change, yield* moveJobs(change, [job], result.at, set, result.events), result.at)
  })
}

/** JobStore.wait, as one transaction. A job that was to be cancelled meanwhile has nothing to wait for. */
export function* waitJob(
  context: Context,
  lease: Lease,
  reason: WaitReason,
  until: number | null,
  record: JobRecord,
): Work<boolean> {
  return yield* underLease(context, lease, function* (change, job) {
    const set = { ...recorded(record), runnerId: null }
    const next = job.cancelRequested
      ? cancelledAt(record.at)
      : ({ state: "waiting", waitReason: reason, waitUntil: until } as const)
    yield* settleBatches(change, yield* moveJobs(change, [job], record.at, { ...set, ...next }, record.events), record.at)
  })
}

/** JobStore.release, as one transaction. */
export function* releaseJob(context: Context, lease: Lease, at: number): Work<boolean> {
  return yield* underLease(context, lease, function* (change, job) {
    const next = job.cancelRequested ? cancelledAt(at) : ({ state: "queued" } as const)
    yield* settleBatches(change, yield* moveJobs(change, [job], at, { ...next, runnerId: null }), at)
  })
}

/** What a job is set to that ends because somebody cancelled it. */
export function cancelledAt(at: number) {
  return { state: "cancelled", endedAt: at, progress: null, cancelRequested: false, waitReason: null, waitUntil: null } as const
}

function recorded({ stage, progress }: JobRecord): JobColumns {
  return { ...(stage === undefined ? {} : { stage }), ...(progress === undefined ? {} : { progress: jsonOrNull(progress) }) }
}

function* underLease(
  context: Context,
  { jobId, fence }: Lease,
  work: (change: QueueChange, job: JobRow) => Work<void>,
): Work<boolean> {
  const { db, tables } = context
  const { jobs } = tables
  const change = yield* QueueChange.begin(context)
  const job = yield* row(
    db
      .select()
      .from(jobs)
      .where(and(eq(jobs.id, jobId), eq(jobs.fence, fence), eq(jobs.state, "running"))),
  )
  if (!job) return false
  yield* work(change, job)
  return true
}
