import { eq } from "drizzle-orm"
import { type Context, rows, type Work } from "../engine/engine.ts"
import { changeJobs, currentJob, type JobColumns, moveJobs } from "./change-jobs.ts"
import { type CredentialSide, isEnded } from "./job.ts"
import type { JobRow } from "./job-row.ts"
import { QueueChange } from "./queue-change.ts"
import { settleBatches } from "./settle-batches.ts"

/** Which ends were given new credentials for this run, and which process holds them. */
export interface NewCredentials {
  readonly sides: readonly CredentialSide[]
  readonly holder: string
}

/** What a run left behind that the next one begins without. */
const freshRun = {
  stage: null,
  digest: null,
  unchanged: false,
  failure: null,
  errorMessage: null,
  totals: null,
  progress: null,
  startedAt: null,
  endedAt: null,
} as const satisfies JobColumns

/** JobStore.retry, as one transaction. */
export function* retryJob(context: Context, id: number, at: number, credentials?: NewCredentials): Work<boolean> {
  const { db, tables } = context
  const { jobs } = tables
  const change = yield* QueueChange.begin(context)
  const job = yield* currentJob(change, id)
  if (!job) return false
  const candidates = job.kind === "batch" ? yield* rows(db.select().from(jobs).where(eq(jobs.parentId, id))) : [job]
  const waiting = candidates.filter(({ state }) => state === "waiting")
  const ended = candidates.filter((each) => isEnded(each) && !(job.kind === "batch" && each.state === "succeeded"))
  if (waiting.length + ended.length === 0) return false
  const set = { ...queued, ...heldBy(credentials) }
  yield* moveJobs(change, waiting, at, set)
  // Whoever ran it at a terminal is gone; from here on it is the server's.
  yield* moveJobs(change, ended, at, { ...set, ...freshRun, runner: "server" })
  yield* forgetCancel(change, job.kind === "batch" ? job.id : job.parentId, at)
  yield* settleBatches(change, candidates, at)
  return true
}

const queued = { state: "queued", waitReason: null, waitUntil: null, cancelRequested: false } as const

function heldBy(credentials: NewCredentials | undefined): JobColumns {
  if (!credentials) return {}
  return {
    credentialSides: JSON.stringify(credentials.sides),
    credentialsHolder: credentials.sides.length > 0 ? credentials.holder : null,
  }
}

/** A batch that goes on will not end as cancelled. */
function* forgetCancel(change: QueueChange, batchId: number | null, at: number): Work<void> {
  const batch: JobRow | undefined = batchId === null ? undefined : yield* currentJob(change, batchId)
  if (batch?.cancelRequested) yield* changeJobs(change, [batch], { at, set: { cancelRequested: false }, events: [] })
}
