import { and, asc, eq, gt, lte, min, sum } from "drizzle-orm"
import { type Engine, row, rows, run } from "../engine/engine.ts"
import { buryRunner } from "./bury-runner.ts"
import { cancelJob } from "./cancel-job.ts"
import { moveJobs } from "./change-jobs.ts"
import { claimJob, hasQueuedJob } from "./claim-job.ts"
import { countChildren } from "./count-children.ts"
import { batchRequest, insertJobs } from "./insert-jobs.ts"
import type { BatchSummary, Job, JobEvent, JobRunner, StoredEvent, WaitReason } from "./job.ts"
import { type JobRow, toJob } from "./job-row.ts"
import type {
  ClaimedJob,
  ClaimOptions,
  JobHost,
  JobPage,
  JobQuery,
  JobRecord,
  JobResult,
  JobStore,
  Lease,
  NewBatch,
  NewJob,
  QueueChange as StoredChange,
  Visibility,
} from "./job-store.ts"
import { finishJob, recordJob, releaseJob, waitJob } from "./leased-job.ts"
import { listHosts } from "./list-hosts.ts"
import { listJobs } from "./list-jobs.ts"
import { QueueChange } from "./queue-change.ts"
import { queueChanges } from "./queue-changes.ts"
import { removeJob } from "./remove-job.ts"
import { type NewCredentials, retryJob } from "./retry-job.ts"
import { settleBatches } from "./settle-batches.ts"
import { summaryOf } from "./summary-of.ts"

/** The job store of both dialects: each method is one piece of work for the engine. */
export class SqlJobStore implements JobStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async create(newJobs: readonly NewJob[], at: number, runner: JobRunner = "server"): Promise<readonly Job[]> {
    if (newJobs.length === 0) return []
    const made = await this.#engine.write(function* (context) {
      return yield* insertJobs(yield* QueueChange.begin(context), newJobs, { at, runner })
    })
    return made.map(toJob)
  }

  async createBatch(batch: NewBatch, at: number): Promise<{ readonly batch: Job; readonly children: readonly Job[] }> {
    if (batch.children.length === 0) throw new RangeError("a batch without children would never end")
    const made = await this.#engine.write(function* (context) {
      const change = yield* QueueChange.begin(context)
      const parents = yield* insertJobs(change, [parentOf(batch)], { at, kind: "batch" })
      const parent = only(parents)
      return { parent, children: yield* insertJobs(change, batch.children, { at, parentId: parent.id }) }
    })
    return { batch: toJob(made.parent), children: made.children.map(toJob) }
  }

  async createRunning(job: NewJob, runnerId: string, at: number): Promise<ClaimedJob> {
    const made = await this.#engine.write(function* (context) {
      return yield* insertJobs(yield* QueueChange.begin(context), [job], { at, runner: "terminal", runnerId })
    })
    return claimed(only(made))
  }

  async get(id: number): Promise<Job | undefined> {
    const found = await this.#engine.read(({ db, tables: { jobs } }) => row(db.select().from(jobs).where(eq(jobs.id, id))))
    return found && toJob(found)
  }

  async list(query: JobQuery): Promise<JobPage> {
    const limit = Math.min(Math.max(Math.trunc(query.limit), 1), 200)
    const page = await this.#engine.read((context) => listJobs(context, { ...query, limit }))
    return { jobs: page.rows.map(toJob), next: page.next }
  }

  summary(batchId: number): Promise<BatchSummary> {
    return this.#engine.read((context) => countChildren(context, batchId))
  }

  async counts(visibility: Visibility): Promise<BatchSummary> {
    const counts = await this.#engine.read(({ db, tables: { jobCounts } }) =>
      rows(
        db
          .select({ state: jobCounts.state, count: sum(jobCounts.count).mapWith(Number) })
          .from(jobCounts)
          .where(visibility === "all" ? undefined : eq(jobCounts.ownerId, visibility.ownerId))
          .groupBy(jobCounts.state),
      ),
    )
    return summaryOf(counts)
  }

  hosts(visibility: Visibility): Promise<readonly JobHost[]> {
    return this.#engine.read((context) => listHosts(context, visibility))
  }

  async events(jobId: number, after: number, limit: number): Promise<readonly StoredEvent[]> {
    const found = await this.#engine.read(({ db, tables: { jobEvents } }) =>
      rows(
        db
          .select({ sequence: jobEvents.sequence, at: jobEvents.at, event: jobEvents.event })
          .from(jobEvents)
          .where(and(eq(jobEvents.jobId, jobId), gt(jobEvents.sequence, after)))
          .orderBy(asc(jobEvents.sequence))
          .limit(limit),
      ),
    )
    return found.map(({ sequence, at, event }) => ({ sequence, at, event: JSON.parse(event) as JobEvent }))
  }

  changes(visibility: Visibility, after: number, limit: number): Promise<readonly StoredChange[]> {
    return this.#engine.read((context) => queueChanges(context, visibility, after, limit))
  }

  revision(): Promise<number> {
    return this.#engine.read(function* ({ db, tables: { counters } }) {
      const counter = yield* row(db.select().from(counters).where(eq(counters.name, "revision")))
      return counter?.value ?? 0
    })
  }

  async claim(options: ClaimOptions): Promise<ClaimedJob | undefined> {
    // An idle process asks often, and should not write each time.
    if (!(await this.#engine.read((context) => hasQueuedJob(context, options.runnerId)))) return undefined
    const taken = await this.#engine.write((context) => claimJob(context, options))
    return taken && claimed(taken)
  }

  record(lease: Lease, record: JobRecord): Promise<boolean> {
    return this.#engine.write((context) => recordJob(context, lease, record))
  }

  finish(lease: Lease, result: JobResult): Promise<boolean> {
    return this.#engine.write((context) => finishJob(context, lease, result))
  }

  wait(lease: Lease, reason: WaitReason, until: number | null, record: JobRecord): Promise<boolean> {
    return this.#engine.write((context) => waitJob(context, lease, reason, until, record))
  }

  release(lease: Lease, at: number): Promise<boolean> {
    return this.#engine.write((context) => releaseJob(context, lease, at))
  }

  async cancellations(runnerId: string): Promise<readonly number[]> {
    const found = await this.#engine.read(({ db, tables: { jobs } }) =>
      rows(
        db
          .select({ id: jobs.id })
          .from(jobs)
          .where(and(eq(jobs.state, "running"), eq(jobs.runnerId, runnerId), eq(jobs.cancelRequested, true)))
          .orderBy(asc(jobs.id)),
      ),
    )
    return found.map(({ id }) => id)
  }

  cancel(id: number, at: number): Promise<boolean> {
    return this.#engine.write((context) => cancelJob(context, id, at))
  }

  retry(id: number, at: number, credentials?: NewCredentials): Promise<boolean> {
    return this.#engine.write((context) => retryJob(context, id, at, credentials))
  }

  remove(id: number, at: number): Promise<boolean> {
    return this.#engine.write((context) => removeJob(context, id, at))
  }

  async wake(now: number): Promise<number | undefined> {
    const next = await this.#nextWake()
    if (next === undefined || next > now) return next
    await this.#engine.write(function* (context) {
      const { db, tables } = context
      const { jobs } = tables
      const change = yield* QueueChange.begin(context)
      const due = yield* rows(
        db
          .select()
          .from(jobs)
          .where(and(eq(jobs.state, "waiting"), eq(jobs.waitReason, "rate_limit"), lte(jobs.waitUntil, now)))
          .orderBy(asc(jobs.id)),
      )
      yield* settleBatches(change, yield* moveJobs(change, due, now, { state: "queued", waitReason: null, waitUntil: null }), now)
    })
    return await this.#nextWake()
  }

  heartbeat(runnerId: string, at: number): Promise<void> {
    return this.#engine.write(({ db, tables: { runners } }) =>
      run(
        db
          .insert(runners)
          .values({ id: runnerId, registeredAt: at, seenAt: at })
          .onConflictDoUpdate({ target: runners.id, set: { seenAt: at } }),
      ),
    )
  }

  runners(): Promise<readonly { readonly id: string; readonly seenAt: number }[]> {
    return this.#engine.read(({ db, tables: { runners } }) =>
      rows(
        db.select({ id: runners.id, seenAt: runners.seenAt }).from(runners).orderBy(asc(runners.registeredAt), asc(runners.id)),
      ),
    )
  }

  bury(runnerId: string, at: number): Promise<void> {
    return this.#engine.write((context) => buryRunner(context, runnerId, at))
  }

  #nextWake(): Promise<number | undefined> {
    return this.#engine.read(function* ({ db, tables: { jobs } }) {
      const found = yield* row(
        db
          .select({ at: min(jobs.waitUntil) })
          .from(jobs)
          .where(and(eq(jobs.state, "waiting"), eq(jobs.waitReason, "rate_limit"))),
      )
      return found?.at ?? undefined
    })
  }
}

function parentOf({ ownerId, priority, title }: NewBatch): NewJob {
  return { ownerId, priority, source: title, target: "", sourceHost: "", targetHost: "", request: batchRequest }
}

function claimed(job: JobRow): ClaimedJob {
  return { jobId: job.id, fence: job.fence, job: toJob(job) }
}

function only(made: readonly JobRow[]): JobRow {
  const [job] = made
  if (!job) throw new Error("the job was not stored")
  return job
}
