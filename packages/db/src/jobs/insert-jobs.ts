import { sql } from "drizzle-orm"
import { rows, run, type Work } from "../engine/engine.ts"
import { insertEvents } from "./change-jobs.ts"
import type { JobKind, JobRequest, JobRunner, JobState } from "./job.ts"
import type { JobRow } from "./job-row.ts"
import type { NewJob } from "./job-store.ts"
import type { QueueChange } from "./queue-change.ts"

interface Insertion {
  readonly at: number
  readonly kind?: JobKind
  readonly runner?: JobRunner
  readonly parentId?: number
  /** Under lease from the start, by this process. */
  readonly runnerId?: string
}

const mostAtOnce = 100
const hourMs = 3_600_000

/** Adds jobs in their order, each with its first event. */
export function* insertJobs(change: QueueChange, newJobs: readonly NewJob[], insertion: Insertion): Work<JobRow[]> {
  const { db, tables } = change.context
  const inserted: JobRow[] = []
  for (let start = 0; start < newJobs.length; start += mostAtOnce) {
    const part = newJobs.slice(start, start + mostAtOnce)
    const revision = yield* change.revisions(part.length)
    const values = part.map((job, index) => columnsOf(job, insertion, revision + index))
    const made = yield* rows(db.insert(tables.jobs).values(values).returning())
    inserted.push(...made.sort((one, other) => one.id - other.id))
  }
  yield* noteHour(change, inserted, insertion.at)
  yield* insertEvents(
    change,
    inserted.map(({ id, state, attempts }) => ({
      jobId: id,
      sequence: 1,
      at: insertion.at,
      event: { type: "state", state: state as JobState, attempt: attempts },
    })),
  )
  return inserted
}

/** What a batch asks for stands in its children. */
export const batchRequest: JobRequest = { source: "", target: "", engine: "direct" }

function columnsOf(job: NewJob, insertion: Insertion, revision: number) {
  const runs = insertion.runnerId !== undefined
  return {
    kind: insertion.kind ?? "mirror",
    parentId: insertion.parentId ?? null,
    ownerId: job.ownerId,
    runner: insertion.runner ?? "server",
    source: job.source,
    target: job.target,
    sourceHost: job.sourceHost,
    targetHost: job.targetHost,
    request: JSON.stringify(job.request),
    state: runs ? "running" : "queued",
    priority: job.priority,
    attempts: runs ? 1 : 0,
    cancelRequested: false,
    targetId: job.targetId ?? null,
    credentialSides: JSON.stringify(job.credentialSides ?? []),
    credentialsHolder: job.credentialSides?.length ? (job.credentialsHolder ?? null) : null,
    fence: runs ? 1 : 0,
    runnerId: insertion.runnerId ?? null,
    unchanged: false,
    revision,
    lastSequence: 1,
    createdAt: insertion.at,
    startedAt: runs ? insertion.at : null,
  }
}

/** Numbers grow from one insertion to the next, since each holds the queue's lock: the newest is the hour's last. */
function* noteHour({ context: { db, tables } }: QueueChange, inserted: readonly JobRow[], at: number): Work<void> {
  const [first, last] = [inserted[0], inserted.at(-1)]
  if (!first || !last) return
  yield* run(
    db
      .insert(tables.jobHours)
      .values({ hour: Math.floor(at / hourMs), firstId: first.id, lastId: last.id })
      .onConflictDoUpdate({ target: tables.jobHours.hour, set: { lastId: sql`excluded.last_id` } }),
  )
}
