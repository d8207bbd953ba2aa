import { asc, eq, inArray, sql } from "drizzle-orm"
import { row, rows, run, type Work } from "../engine/engine.ts"
import { countEnded } from "../statistics/count-ended.ts"
import { tellEnds } from "../webhooks/tell-ends.ts"
import { isEnded, type JobEvent, type JobState, type StateEvent, type WaitReason } from "./job.ts"
import type { JobRow } from "./job-row.ts"
import type { QueueChange } from "./queue-change.ts"

/** What a change may set; the rest follows from the change itself. */
export type JobColumns = Partial<Omit<JobRow, "id" | "state" | "revision" | "lastSequence" | "fence">>

interface JobChange {
  readonly at: number
  readonly set: JobColumns & { readonly state?: JobState }
  /** Appended to each job, in this order. */
  readonly events: readonly JobEvent[]
  /** Whoever holds the lease may write no more. */
  readonly raiseFence?: boolean
}

const mostAtOnce = 200

/**
 * Changes jobs of this transaction all alike, gives each a revision of its own, and appends the events. The rows have to be alike in what the events
 * say of them (their attempts).
 */
export function* changeJobs(change: QueueChange, found: readonly JobRow[], jobChange: JobChange): Work<JobRow[]> {
  const { at, events } = jobChange
  const changed: JobRow[] = []
  for (let start = 0; start < found.length; start += mostAtOnce) {
    const part = found.slice(start, start + mostAtOnce)
    changed.push(...(yield* changePart(change, part, jobChange)))
    yield* insertEvents(
      change,
      part.flatMap((job) => events.map((event, index) => ({ jobId: job.id, sequence: job.lastSequence + 1 + index, at, event }))),
    )
  }
  return changed
}

/**
 * Puts jobs into another state, and says so in a state event after the events of `before`. A lease ends with the state that it was given for, and an
 * end is counted, and told.
 */
export function* moveJobs(
  change: QueueChange,
  found: readonly JobRow[],
  at: number,
  set: JobColumns & { readonly state: JobState },
  before: readonly JobEvent[] = [],
): Work<JobRow[]> {
  const changed: JobRow[] = []
  for (const [attempts, alike] of groupByAttempts(found)) {
    const attempt = set.attempts ?? attempts
    changed.push(
      ...(yield* changeJobs(change, alike, { at, set, events: [...before, stateEvent(set, attempt)], raiseFence: true })),
    )
  }
  if (isEnded(set)) {
    yield* countEnded(change.context, changed)
    // A batch that goes from one end to another, since a job of it was removed, was told of before.
    const before = new Set(found.filter(isEnded).map(({ id }) => id))
    const ended = changed.filter(({ id }) => !before.has(id))
    yield* tellEnds(change.context, ended, at)
  }
  return changed.sort((one, other) => one.id - other.id)
}

/** The row as it is now. */
export function* currentJob({ context: { db, tables } }: QueueChange, id: number): Work<JobRow | undefined> {
  return yield* row(db.select().from(tables.jobs).where(eq(tables.jobs.id, id)))
}

/** Appends events whose numbers were given out, in parts that fit into one statement. */
export function* insertEvents(
  { context: { db, tables } }: QueueChange,
  events: readonly { readonly jobId: number; readonly sequence: number; readonly at: number; readonly event: JobEvent }[],
): Work<void> {
  for (let start = 0; start < events.length; start += mostAtOnce) {
    const part = events.slice(start, start + mostAtOnce)
    yield* run(db.insert(tables.jobEvents).values(part.map((each) => ({ ...each, event: JSON.stringify(each.event) }))))
  }
}

function* changePart(change: QueueChange, part: readonly JobRow[], { set, events, raiseFence }: JobChange): Work<JobRow[]> {
  const { db, tables } = change.context
  const { jobs } = tables
  const first = yield* change.revisions(part.length)
  const values = {
    ...set,
    lastSequence: sql`${jobs.lastSequence} + ${events.length}`,
    ...(raiseFence ? { fence: sql`${jobs.fence} + 1` } : {}),
  }
  const [only] = part
  if (part.length === 1 && only) {
    return yield* rows(
      db
        .update(jobs)
        .set({ ...values, revision: first })
        .where(eq(jobs.id, only.id))
        .returning(),
    )
  }
  const ids = part.map(({ id }) => id)
  const ranked = db
    .select({
      rankedId: sql<number>`${jobs.id}`.as("ranked_id"),
      rank: sql<number>`row_number() over (order by ${jobs.id})`.as("rank"),
    })
    .from(jobs)
    .where(inArray(jobs.id, ids))
    .as("ranked")
  yield* run(
    db
      .update(jobs)
      .set({ ...values, revision: sql`${first - 1} + ${ranked.rank}` })
      .from(ranked)
      .where(eq(jobs.id, ranked.rankedId)),
  )
  return yield* rows(db.select().from(jobs).where(inArray(jobs.id, ids)).orderBy(asc(jobs.id)))
}

function groupByAttempts(found: readonly JobRow[]): Map<number, JobRow[]> {
  const groups = new Map<number, JobRow[]>()
  for (const job of found) groups.set(job.attempts, [...(groups.get(job.attempts) ?? []), job])
  return groups
}

function stateEvent(set: JobColumns & { readonly state: JobState }, attempt: number): StateEvent {
  return {
    type: "state",
    state: set.state,
    attempt,
    ...(set.waitReason ? { waitReason: set.waitReason as WaitReason } : {}),
    ...(set.waitUntil === undefined || set.waitUntil === null ? {} : { waitUntil: set.waitUntil }),
  }
}
