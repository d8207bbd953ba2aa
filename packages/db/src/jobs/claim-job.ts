import { and, asc, count, eq, inArray, isNull, max, min, or, type SQL, sql } from "drizzle-orm"
import { type Context, row, rows, run, type Work } from "../engine/engine.ts"
import { moveJobs } from "./change-jobs.ts"
import type { JobRow } from "./job-row.ts"
import type { ClaimOptions } from "./job-store.ts"
import { QueueChange } from "./queue-change.ts"
import { settleBatches } from "./settle-batches.ts"

/** Whether there is anything that this process could take; asked before the queue is locked. */
export function* hasQueuedJob(context: Context, runnerId: string): Work<boolean> {
  const { db, tables } = context
  const found = yield* row(db.select({ id: tables.jobs.id }).from(tables.jobs).where(claimable(context, runnerId)).limit(1))
  return found !== undefined
}

/** JobStore.claim, as one transaction. */
export function* claimJob(context: Context, { runnerId, now, perOwner }: ClaimOptions): Work<JobRow | undefined> {
  const { db, tables } = context
  const { jobs, queueTurns } = tables
  const change = yield* QueueChange.begin(context)
  const owner = yield* nextOwner(context, runnerId, perOwner ?? Number.POSITIVE_INFINITY)
  if (!owner) return undefined
  const next = yield* row(
    db
      .select()
      .from(jobs)
      .where(and(claimable(context, runnerId), eq(jobs.ownerId, owner.ownerId), eq(jobs.priority, owner.priority)))
      .orderBy(asc(jobs.id))
      .limit(1),
  )
  if (!next) return undefined
  const [taken] = yield* moveJobs(change, [next], now, {
    state: "running",
    runnerId,
    attempts: next.attempts + 1,
    startedAt: next.startedAt ?? now,
  })
  if (!taken) return undefined
  yield* run(
    db
      .insert(queueTurns)
      .values({ ownerId: taken.ownerId, turn: taken.revision })
      .onConflictDoUpdate({ target: queueTurns.ownerId, set: { turn: taken.revision } }),
  )
  yield* settleBatches(change, [taken], now)
  return taken
}

/** Written out as the index `jobs_queue` has it, or SQLite would not use it. */
function claimable({ tables: { jobs } }: Context, runnerId: string): SQL | undefined {
  return and(
    sql`${jobs.state} = 'queued' and ${jobs.kind} = 'mirror' and ${jobs.runner} = 'server'`,
    or(isNull(jobs.credentialsHolder), eq(jobs.credentialsHolder, runnerId)),
  )
}

interface Owner {
  readonly ownerId: number
  /** The highest that the owner has queued. */
  readonly priority: number
}

function* nextOwner(context: Context, runnerId: string, perOwner: number): Work<Owner | undefined> {
  const { db, tables } = context
  const { jobs, queueTurns } = tables
  const queued = yield* rows(
    db
      .select({ ownerId: jobs.ownerId, priority: max(jobs.priority), oldest: min(jobs.id) })
      .from(jobs)
      .where(claimable(context, runnerId))
      .groupBy(jobs.ownerId),
  )
  if (queued.length === 0) return undefined
  const running = yield* rows(
    db
      .select({ ownerId: jobs.ownerId, count: count() })
      .from(jobs)
      .where(sql`${jobs.state} = 'running' and ${jobs.kind} = 'mirror' and ${jobs.runner} = 'server'`)
      .groupBy(jobs.ownerId),
  )
  const turns = yield* rows(
    db
      .select()
      .from(queueTurns)
      .where(
        inArray(
          queueTurns.ownerId,
          queued.map(({ ownerId }) => ownerId),
        ),
      ),
  )
  const runningOf = new Map(running.map((each) => [each.ownerId, each.count]))
  const turnOf = new Map(turns.map((each) => [each.ownerId, each.turn]))
  const [first] = queued
    .map(({ ownerId, priority, oldest }) => ({
      ownerId,
      priority: Number(priority),
      oldest: Number(oldest),
      running: runningOf.get(ownerId) ?? 0,
      turn: turnOf.get(ownerId) ?? 0,
    }))
    .filter((each) => each.running < perOwner)
    .sort(
      (one, other) =>
        one.running - other.running || other.priority - one.priority || one.turn - other.turn || one.oldest - other.oldest,
    )
  return first
}
