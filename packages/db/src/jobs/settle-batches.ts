import type { TransferTotals } from "@entrepot/core"
import { eq } from "drizzle-orm"
import { rows, type Work } from "../engine/engine.ts"
import { changeJobs, currentJob, type JobColumns, moveJobs } from "./change-jobs.ts"
import { countChildren } from "./count-children.ts"
import { type BatchSummary, isEnded, type JobState } from "./job.ts"
import { type JobRow, jsonOrNull } from "./job-row.ts"
import type { QueueChange } from "./queue-change.ts"

/**
 * Makes the batches of these jobs what their children are: running from the first child's begin, ended with the last, queued again when an ended one
 * has children to run. Their revision grows in any case, since their summary has changed.
 */
export function* settleBatches(change: QueueChange, children: readonly JobRow[], at: number): Work<void> {
  const ids = new Set(children.flatMap(({ parentId }) => (parentId === null ? [] : [parentId])))
  for (const id of [...ids].sort((one, other) => one - other)) {
    const batch = yield* currentJob(change, id)
    if (batch) yield* settle(change, batch, at)
  }
}

function* settle(change: QueueChange, batch: JobRow, at: number): Work<void> {
  const summary = yield* countChildren(change.context, batch.id)
  const state = stateOf(batch, summary)
  if (state === batch.state) {
    yield* changeJobs(change, [batch], { at, set: {}, events: [] })
    return
  }
  yield* moveJobs(change, [batch], at, { state, ...(yield* columnsFor(change, batch, state, at)) })
}

function stateOf(batch: JobRow, summary: BatchSummary): JobState {
  const open = summary.queued + summary.waiting + summary.running
  const all = open + summary.succeeded + summary.failed + summary.cancelled
  if (all === 0) return batch.state as JobState
  if (summary.running > 0 || (open > 0 && batch.state === "running")) return "running"
  if (open > 0) return "queued"
  if (summary.succeeded === all) return "succeeded"
  return batch.cancelRequested || summary.cancelled === all ? "cancelled" : "failed"
}

function* columnsFor(change: QueueChange, batch: JobRow, state: JobState, at: number): Work<JobColumns> {
  if (state === "running") return { attempts: batch.attempts + 1, startedAt: batch.startedAt ?? at, endedAt: null }
  if (!isEnded({ state })) {
    return { startedAt: null, endedAt: null, totals: null, unchanged: false, cancelRequested: false }
  }
  const { db, tables } = change.context
  const { jobs } = tables
  const children = yield* rows(
    db.select({ totals: jobs.totals, unchanged: jobs.unchanged }).from(jobs).where(eq(jobs.parentId, batch.id)),
  )
  const totals = children.flatMap((child) => (child.totals === null ? [] : [JSON.parse(child.totals) as TransferTotals]))
  return {
    endedAt: at,
    cancelRequested: false,
    totals: jsonOrNull(totals.length > 0 ? totals.reduce(added) : null),
    unchanged: state === "succeeded" && children.every((child) => child.unchanged),
  }
}

function added(one: TransferTotals, other: TransferTotals): TransferTotals {
  return {
    bytesSent: one.bytesSent + other.bytesSent,
    bytesSkipped: one.bytesSkipped + other.bytesSkipped,
    blobsSent: one.blobsSent + other.blobsSent,
    blobsSkipped: one.blobsSkipped + other.blobsSkipped,
    blobsMounted: one.blobsMounted + other.blobsMounted,
    durationMs: one.durationMs + other.durationMs,
  }
}
