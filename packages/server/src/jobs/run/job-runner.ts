import { isEnded, type QueueChange } from "@entrepot/db/stores"
import type { LiveSettings } from "../../settings/live-settings.ts"
import type { ChangeFeed } from "../follow/change-feed.ts"
import { forgetOldJobs } from "./forget-old-jobs.ts"
import { JobRun, type JobRunOptions } from "./job-run.ts"
import type { LeaseWatch } from "./lease-watch.ts"
import { persist } from "./persist.ts"
import { Undertaker } from "./undertaker.ts"

interface JobRunnerOptions extends JobRunOptions {
  readonly id: string
  readonly feed: ChangeFeed
  readonly watch: LeaseWatch
  /** How many jobs at once, and how long ended ones are kept. */
  readonly settings: Pick<LiveSettings, "values" | "subscribe">
  /** Silence after which a process counts as gone, milliseconds. */
  readonly leaseMs: number
  readonly heartbeatMs: number
}

/** Ended jobs that are too old are looked for this often. */
const sweepMs = 3_600_000
const mostSwept = 500
/** Longest delay that a timer takes. */
const longestTimerMs = 2 ** 31 - 1
/** What a run that was broken off may take to clean up. */
const abortMs = 10_000

/** Runs jobs: takes them as there is room, keeps their leases alive, hears of cancellations, and takes over from processes that died. */
export class JobRunner {
  readonly #options: JobRunnerOptions
  readonly #runs = new Set<JobRun>()
  readonly #undertaker: Undertaker
  #accepting = false
  #stopped = false
  #heartbeat: NodeJS.Timeout | undefined
  #beating: Promise<void> = Promise.resolve()
  #wakeTimer: NodeJS.Timeout | undefined
  #wakeAt = Number.POSITIVE_INFINITY
  #claiming: Promise<void> | undefined
  #claimAgain = false
  #sweepAt = 0
  #sweeping: Promise<void> | undefined
  #unsubscribe: (() => void)[] = []

  constructor(options: JobRunnerOptions) {
    this.#options = options
    this.#undertaker = new Undertaker(options)
  }

  /** Jobs that run here now. */
  get running(): number {
    return this.#runs.size
  }

  /** Registers this process, takes over what dead ones left, and begins. @throws when the database does not answer. */
  async start(): Promise<void> {
    const { feed, jobs, id, watch, settings, now } = this.#options
    const sentAt = watch.now()
    await jobs.heartbeat(id, now())
    watch.heard(sentAt)
    await this.#undertaker.buryDead()
    await feed.start()
    this.#unsubscribe = [feed.subscribe((changes) => this.#hear(changes)), settings.subscribe(() => this.#claim())]
    this.#accepting = true
    this.#beatAgain()
    await this.#wake()
    this.#claim()
  }

  /** Takes no more jobs, lets those under way end for `graceMs`, and gives the rest back to the queue (fault 50). */
  async drain(graceMs: number): Promise<void> {
    this.#accepting = false
    clearTimeout(this.#wakeTimer)
    await this.#claiming
    await this.#settled(graceMs)
    for (const run of this.#runs) run.abort("drain")
    await this.#settled(abortMs)
  }

  /** After `drain`. Says that this process is gone, so that nobody waits for it. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#heartbeat)
    clearTimeout(this.#wakeTimer)
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    await this.#beating
    await this.#sweeping
    const { jobs, id, now, log } = this.#options
    await persist(
      () => jobs.bury(id, now()),
      () => true,
      log,
    )
  }

  #cancel(jobId: number): void {
    for (const run of this.#runs) if (run.job.id === jobId) run.abort("cancel")
  }

  #hear(changes: readonly QueueChange[]): void {
    const { vault, patience } = this.#options
    let isQueued = false
    for (const { job, jobId } of changes) {
      if (job === null || isEnded(job)) patience.forget(jobId)
      if (job === null) {
        vault.forget(jobId)
        continue
      }
      if (job.state === "queued") isQueued = true
      if (job.state === "running" && job.cancelRequested) this.#cancel(jobId)
      if (job.state === "waiting" && job.waitUntil !== null) this.#wakeBy(job.waitUntil)
      if (job.state === "succeeded") vault.forget(jobId)
      else if (isEnded(job)) vault.ended(jobId)
    }
    if (isQueued) this.#claim()
  }

  #claim(): void {
    this.#claimAgain = true
    this.#claiming ??= this.#claimAll().finally(() => {
      this.#claiming = undefined
      if (this.#claimAgain && this.#hasRoom) this.#claim()
    })
  }

  async #claimAll(): Promise<void> {
    const { jobs, settings, id, now, log } = this.#options
    try {
      while (this.#hasRoom) {
        this.#claimAgain = false
        const { jobsPerOwner: perOwner } = settings.values
        const claimed = await jobs.claim({ runnerId: id, now: now(), ...(perOwner === null ? {} : { perOwner }) })
        if (claimed === undefined) return
        const run = new JobRun(claimed, this.#options)
        this.#runs.add(run)
        void run.done.then(() => {
          this.#runs.delete(run)
          this.#claim()
        })
      }
    } catch (error) {
      this.#claimAgain = false
      log.warn({ error: String(error) }, "no job could be taken from the queue")
    }
  }

  get #hasRoom(): boolean {
    const { settings, watch } = this.#options
    return this.#accepting && !watch.isLate && this.#runs.size < settings.values.jobConcurrency
  }

  #beatAgain(): void {
    if (this.#stopped) return
    this.#heartbeat = setTimeout(() => {
      this.#beating = this.#beat()
        .catch((error: unknown) => this.#options.log.warn({ error: String(error) }, "the heartbeat did not arrive"))
        .finally(() => this.#beatAgain())
    }, this.#options.heartbeatMs)
  }

  async #beat(): Promise<void> {
    const { jobs, id, watch, now, log } = this.#options
    if (watch.isLate && this.#runs.size > 0) {
      log.warn({ runs: this.#runs.size }, "this process was stopped or cut off for longer than its leases last")
      for (const run of this.#runs) run.abort("lost")
    }
    const sentAt = watch.now()
    await jobs.heartbeat(id, now())
    watch.heard(sentAt)
    await this.#undertaker.buryDead()
    for (const jobId of await jobs.cancellations(id)) this.#cancel(jobId)
    await this.#wake()
    this.#claim()
    this.#sweep()
  }

  #wakeBy(at: number): void {
    if (at >= this.#wakeAt || this.#stopped) return
    this.#wakeAt = at
    clearTimeout(this.#wakeTimer)
    const delayMs = Math.min(longestTimerMs, Math.max(0, at - this.#options.now()))
    this.#wakeTimer = setTimeout(() => {
      this.#wake().catch((error: unknown) => this.#options.log.warn({ error: String(error) }, "waiting jobs could not be woken"))
    }, delayMs)
  }

  async #wake(): Promise<void> {
    this.#wakeAt = Number.POSITIVE_INFINITY
    clearTimeout(this.#wakeTimer)
    const next = await this.#options.jobs.wake(this.#options.now())
    if (next !== undefined) this.#wakeBy(next)
  }

  /** Beside the heartbeat, which must not wait for it. */
  #sweep(): void {
    const { jobs, settings, now, monotonic, log } = this.#options
    const { keepDays } = settings.values
    if (keepDays === null || this.#sweeping !== undefined || monotonic() < this.#sweepAt) return
    this.#sweepAt = monotonic() + sweepMs
    this.#sweeping = forgetOldJobs(jobs, now() - keepDays * 86_400_000, now, mostSwept)
      .then(
        (forgotten) => {
          if (forgotten >= mostSwept) this.#sweepAt = 0
        },
        (error: unknown) => log.warn({ error: String(error) }, "old jobs could not be forgotten"),
      )
      .finally(() => {
        this.#sweeping = undefined
      })
  }

  async #settled(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const all = Promise.all([...this.#runs].map((run) => run.done))
    await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, withinMs)))])
    clearTimeout(timer)
  }
}
