import { isTransferError } from "@entrepot/core"
import type { Database, Job, Schedule } from "@entrepot/db/stores"
import { ZodError } from "zod"
import { AuditTrail } from "../accounts/audit-trail.ts"
import { RecentMap } from "../accounts/recent-map.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { JobService } from "../jobs/job-service.ts"
import type { Log } from "../runtime/runtime.ts"
import { parseCron } from "./cron-times.ts"
import { actorOfSchedule } from "./schedule-owner.ts"
import { mirrorRequestOf, readScheduledRequest } from "./scheduled-request.ts"

interface SchedulerOptions {
  readonly stores: Pick<Database, "schedules" | "users" | "audit">
  readonly jobs: Pick<JobService, "prepare">
  readonly log: Log
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
  /** How often it looks. Default 5,000. */
  readonly everyMs?: number
}

/** Makes jobs of schedules as their times come. Several processes may: each tick is made once. */
export interface Scheduler {
  /** Looks once: makes the jobs whose time has come, and returns those. */
  pass(): Promise<readonly Job[]>
  /** Looks again and again until `stop`. */
  start(): void
  /** Returns when the last look has ended. */
  stop(): Promise<void>
}

/** A tick that was missed, the process being down, is made up for so long. */
const makeUpMs = 3_600_000

/**
 * Starts the jobs of schedules when their time has come. Any number may run over one database: each tick becomes one job (fault 38). Of the ticks
 * that were missed while nothing ran, the newest is made up for if it is less than an hour old, and the others are left out: nobody wants one image
 * mirrored twelve times in a row. Ticks from before the schedule's last change are not its own.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  return new Passes(options)
}

class Passes implements Scheduler {
  readonly #options: SchedulerOptions
  readonly #now: () => number
  readonly #trail: AuditTrail
  /** Ticks that cannot be made into a job, by schedule. They are tried again while they can be made up for, and reported once. */
  readonly #reported = new Map<number, number>()
  /** When each schedule comes next, as long as neither it nor its newest tick is another: reading a cron expression takes a millisecond. */
  readonly #upcoming = new RecentMap<number, { readonly updatedAt: number; readonly last: number; readonly at: number }>(10_000)
  #running: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #stopped = true

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#trail = new AuditTrail(options.stores.audit, options.log, this.#now)
  }

  async pass(): Promise<readonly Job[]> {
    const schedules = await this.#options.stores.schedules.list()
    const jobs: Job[] = []
    for (const schedule of schedules) {
      const job = schedule.enabled ? await this.#look(schedule) : undefined
      if (job) jobs.push(job)
    }
    return jobs
  }

  start(): void {
    this.#stopped = false
    this.#lookSoon(0)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  #lookSoon(waitMs: number): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      this.#running = this.pass()
        .catch((error: unknown) => this.#options.log.error({ error }, "schedules could not be looked at"))
        .finally(() => this.#lookSoon(this.#options.everyMs ?? 5000))
    }, waitMs)
  }

  async #look(schedule: Schedule): Promise<Job | undefined> {
    const { schedules, users } = this.#options.stores
    let tick: number | undefined
    try {
      tick = await this.#dueTick(schedule)
      if (tick === undefined) return undefined
      const owner = await actorOfSchedule(users, schedule)
      const request = mirrorRequestOf(readScheduledRequest(schedule.request), schedule.targetId)
      const job = await schedules.claimTick(schedule.id, tick, await this.#options.jobs.prepare(owner, request), this.#now())
      if (job) await this.#trail.ok(owner, "schedule.run", `${schedule.name} (${schedule.id}): job ${job.id}`)
      return job
    } catch (error) {
      if (!(error instanceof ServiceError || error instanceof ZodError || isTransferError(error))) {
        // The database, most likely: the next look tries again, and other schedules need not wait for it.
        this.#options.log.error({ error, schedule: schedule.id }, "a schedule could not be looked at")
        return undefined
      }
      if (tick === undefined || this.#reported.get(schedule.id) === tick) return undefined
      this.#reported.set(schedule.id, tick)
      const doer = { userId: schedule.ownerId, name: "schedule", address: "" }
      await this.#trail.refused(doer, "schedule.run", `${schedule.name} (${schedule.id}): ${error.message}`)
      return undefined
    }
  }

  /** The newest tick that has come and is nobody's yet. */
  async #dueTick(schedule: Schedule): Promise<number | undefined> {
    const now = this.#now()
    const { id, updatedAt } = schedule
    const last = (await this.#options.stores.schedules.lastTick(id)) ?? 0
    const known = this.#upcoming.get(id)
    if (known?.updatedAt === updatedAt && known.last === last && now < known.at) return undefined
    let time = Math.max(last, updatedAt, now - makeUpMs)
    let due: number | undefined
    const times = readTimes(schedule, time)
    for (;;) {
      const next = times?.after(time) ?? Number.POSITIVE_INFINITY
      if (next > now) {
        if (due === undefined) this.#upcoming.set(id, { updatedAt, last, at: next })
        return due
      }
      due = next
      time = next
    }
  }
}

function readTimes({ cron, timeZone }: Schedule, from: number) {
  try {
    return parseCron(cron, timeZone, from)
  } catch {
    // It was right when it was made; the list of time zones may have changed since.
    return undefined
  }
}
