import {
  type BlobEvent,
  type CopyRequest,
  createRedactor,
  type Engine,
  failureOf,
  type OutcomeEvent,
  parsePlatform,
  type TransferFailure,
} from "@entrepot/core"
import type { ClaimedJob, Job, JobEvent, JobResult, JobStore, Lease } from "@entrepot/db/stores"
import type { Log } from "../../runtime/runtime.ts"
import { EventRecorder } from "./event-recorder.ts"
import { findJobEnds, type JobEndsOptions } from "./job-ends.ts"
import type { Patience } from "./patience.ts"
import { persist } from "./persist.ts"
import type { Transfers } from "./transfers.ts"

/** Why a run is broken off: somebody wants that, the process drains, or the lease is somebody else's. */
type Abort = "cancel" | "drain" | "lost"

export interface JobRunOptions extends JobEndsOptions {
  readonly jobs: JobStore
  readonly transfers: Transfers
  readonly patience: Patience
  /** Counters, for those who follow in this process. */
  tell(jobId: number, event: BlobEvent, at: number): void
  readonly log: Log
  readonly now: () => number
  readonly monotonic: () => number
}

/** One attempt at one job, under lease from beginning to end. */
export class JobRun {
  readonly job: Job
  /** Resolves when the run is over and its end is written down; never rejects. */
  readonly done: Promise<void>
  readonly #lease: Lease
  readonly #options: JobRunOptions
  readonly #abort = new AbortController()
  readonly #recorder: EventRecorder
  #why: Abort | undefined
  #redact = createRedactor([])

  constructor(claimed: ClaimedJob, options: JobRunOptions) {
    this.job = claimed.job
    this.#lease = { jobId: claimed.jobId, fence: claimed.fence }
    this.#options = options
    this.#recorder = new EventRecorder({
      write: async (record) => (await this.#persist(() => options.jobs.record(this.#lease, record))) ?? false,
      onLost: () => this.abort("lost"),
      now: options.now,
      monotonic: options.monotonic,
      tell: (event) => options.tell(claimed.jobId, event, options.now()),
      redact: (text) => this.#redact(text),
    })
    this.done = this.#run()
  }

  /** The first reason counts, except that a lost lease comes before everything. */
  abort(why: Abort): void {
    if (this.#why === undefined || why === "lost") this.#why = why
    this.#abort.abort()
  }

  async #run(): Promise<void> {
    const { log } = this.#options
    try {
      await this.#attempt()
    } catch (error) {
      if (this.#why === "drain" || this.#why === "lost") return this.#release()
      log.error({ job: this.job.id, error: this.#redact(String(error)) }, "a run broke off in a way that was not foreseen")
      const failure = { ...failureOf(error), message: this.#redact(error instanceof Error ? error.message : String(error)) }
      await this.#refuse(failure)
    }
  }

  async #attempt(): Promise<void> {
    const found = await findJobEnds(this.job, this.#options)
    if ("waitsFor" in found) return this.#wait("credentials", null, [])
    if ("failure" in found) return this.#refuse(found.failure)
    this.#redact = createRedactor(found.secrets)
    const lent = await this.#options.transfers.open(found.ends)
    let outcome: OutcomeEvent
    try {
      outcome = await this.#copy(lent.engine)
    } finally {
      await lent.close()
    }
    await this.#conclude(outcome)
  }

  async #copy(engine: Engine): Promise<OutcomeEvent> {
    const events = engine.copy({ ...copyRequestOf(this.job), signal: this.#abort.signal })
    for (;;) {
      const { done, value } = await events.next()
      if (done) return value.error === undefined ? value : { ...value, error: this.#cleaned(value.error) }
      this.#recorder.take(value)
    }
  }

  async #conclude(outcome: OutcomeEvent): Promise<void> {
    const { events, progress } = await this.#recorder.close()
    const { error: failure } = outcome
    if (outcome.outcome === "succeeded" || outcome.outcome === "unchanged") {
      const { digest = null, totals } = outcome
      const unchanged = outcome.outcome === "unchanged"
      return this.#finish({ state: "succeeded", digest, unchanged, totals }, [...events, outcome])
    }
    if (this.#why === "lost") return this.#release()
    if (this.#why === "drain") {
      const record = { at: this.#options.now(), events, ...(progress === undefined ? {} : { progress }) }
      await this.#persist(() => this.#options.jobs.record(this.#lease, record))
      return this.#release()
    }
    // Nobody wanted that: requests were held back because the leases had become doubtful.
    if (outcome.outcome === "cancelled" && this.#why === undefined) return this.#release()
    if (outcome.outcome === "cancelled") {
      return this.#finish({ state: "cancelled", totals: outcome.totals }, [...events, outcome])
    }
    const waitMs = failure?.code === "rate_limited" ? this.#options.patience.next(this.job.id, failure) : undefined
    if (failure !== undefined && waitMs !== undefined) {
      return this.#wait("rate_limit", this.#options.now() + waitMs, [
        ...events,
        { type: "log", level: "warn", message: failure.message },
      ])
    }
    await this.#finish({ state: "failed", failure: failure ?? null, totals: outcome.totals }, [...events, outcome])
  }

  /** Fails a job that has not come to an outcome of its own. */
  async #refuse(failure: TransferFailure): Promise<void> {
    const { events } = await this.#recorder.close()
    const { source, target } = this.job
    const totals = { bytesSent: 0, bytesSkipped: 0, blobsSent: 0, blobsSkipped: 0, blobsMounted: 0, durationMs: 0 }
    const outcome = { type: "outcome", outcome: "failed", source, target, totals, error: failure } as const
    await this.#finish({ state: "failed", failure, totals }, [...events, outcome])
  }

  async #finish(result: Omit<JobResult, "at" | "events">, events: readonly JobEvent[]): Promise<void> {
    this.#options.patience.forget(this.job.id)
    const { jobs, log } = this.#options
    const written = await this.#persist(() => jobs.finish(this.#lease, { at: this.#options.now(), events, ...result }))
    if (!written) return
    const failure = result.failure ? { code: result.failure.code, side: result.failure.side, host: result.failure.host } : {}
    log.info({ job: this.job.id, source: this.job.source, target: this.job.target, state: result.state, ...failure }, "job ended")
  }

  async #wait(reason: "credentials" | "rate_limit", until: number | null, events: readonly JobEvent[]): Promise<void> {
    const { jobs, log, now } = this.#options
    const written = await this.#persist(() => jobs.wait(this.#lease, reason, until, { at: now(), events }))
    if (written) log.info({ job: this.job.id, reason, until }, "job waits")
  }

  /** Where the lease is somebody else's by now this changes nothing; where nobody took over, the job is free again. */
  async #release(): Promise<void> {
    await this.#persist(() => this.#options.jobs.release(this.#lease, this.#options.now()))
  }

  #persist<Result>(write: () => Promise<Result>): Promise<Result | undefined> {
    return persist(write, () => this.#why === "drain" || this.#why === "lost", this.#options.log)
  }

  #cleaned(failure: TransferFailure): TransferFailure {
    const { hint } = failure
    return { ...failure, message: this.#redact(failure.message), ...(hint === undefined ? {} : { hint: this.#redact(hint) }) }
  }
}

/** The copy that a job asks for. @throws TransferError `usage` for platforms that cannot be understood. */
export function copyRequestOf({ request }: Pick<Job, "request">): CopyRequest {
  const { source, target, platforms, referrers, nonDistributable, forceUpload, oneOfMany } = request
  return {
    source,
    target,
    ...(platforms === undefined ? {} : { platforms: platforms.map(parsePlatform) }),
    ...(referrers === undefined ? {} : { referrers }),
    ...(nonDistributable === undefined ? {} : { nonDistributable }),
    ...(forceUpload === undefined ? {} : { forceUpload }),
    ...(oneOfMany === undefined ? {} : { oneOfMany }),
  }
}
