import type { Database, Job, Schedule } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { AuditTrail, legible } from "../accounts/audit-trail.ts"
import { requireScope } from "../accounts/rights.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { JobService } from "../jobs/job-service.ts"
import type { Log } from "../runtime/runtime.ts"
import { parseCron } from "./cron-times.ts"
import { actorOfSchedule } from "./schedule-owner.ts"
import type { ScheduleInput, ScheduleService, ScheduleView } from "./schedule-service.ts"
import { mirrorRequestOf, readScheduledRequest } from "./scheduled-request.ts"

interface ScheduleServiceOptions {
  readonly stores: Pick<Database, "schedules" | "users" | "audit">
  readonly jobs: Pick<JobService, "start" | "prepare">
  readonly log: Log
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
}

/** Schedules over the store of one database. What makes their jobs when the time has come is the scheduler. */
export function createScheduleService(options: ScheduleServiceOptions): ScheduleService {
  return new Schedules(options)
}

const longestName = 100
const mostPerOwner = 500

class Schedules implements ScheduleService {
  readonly #options: ScheduleServiceOptions
  readonly #now: () => number
  readonly #trail: AuditTrail

  constructor(options: ScheduleServiceOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#trail = new AuditTrail(options.stores.audit, options.log, this.#now)
  }

  async list(actor: Actor): Promise<readonly ScheduleView[]> {
    requireScope(actor, "jobs:read")
    const schedules = await this.#options.stores.schedules.list(actor.role === "operator" ? actor.userId : undefined)
    return Promise.all(schedules.map((schedule) => this.#view(schedule)))
  }

  async get(actor: Actor, id: number): Promise<ScheduleView> {
    requireScope(actor, "jobs:read")
    return this.#view(await this.#visible(actor, id))
  }

  async create(actor: Actor, input: ScheduleInput): Promise<ScheduleView> {
    requireScope(actor, "jobs:write")
    const { schedules } = this.#options.stores
    const fields = {
      name: readName(input.name),
      cron: input.cron.trim(),
      timeZone: input.timeZone ?? "UTC",
      request: { ...readScheduledRequest(input.request) },
      targetId: input.targetId ?? null,
      enabled: input.enabled ?? true,
    }
    await this.#check(actor, fields)
    if ((await schedules.list(actor.userId)).length >= mostPerOwner) {
      throw new ServiceError("too_many", `nobody has more than ${mostPerOwner} schedules; remove one first`)
    }
    const schedule = await schedules.create({ ownerId: actor.userId, ...fields }, this.#now())
    await this.#trail.ok(actor, "schedule.create", describe(schedule))
    return this.#view(schedule)
  }

  async update(actor: Actor, id: number, changes: Partial<ScheduleInput>): Promise<ScheduleView> {
    requireScope(actor, "jobs:write")
    const before = await this.#visible(actor, id)
    const fields = {
      ...(changes.name === undefined ? {} : { name: readName(changes.name) }),
      ...(changes.cron === undefined ? {} : { cron: changes.cron.trim() }),
      ...(changes.timeZone === undefined ? {} : { timeZone: changes.timeZone }),
      ...(changes.request === undefined ? {} : { request: { ...readScheduledRequest(changes.request) } }),
      ...(changes.targetId === undefined ? {} : { targetId: changes.targetId }),
      ...(changes.enabled === undefined ? {} : { enabled: changes.enabled }),
    }
    // What it starts, it starts in its owner's name: an administrator must not lend it more. Only switching it off needs nobody.
    if (fields.enabled !== false || Object.keys(fields).length > 1) {
      await this.#check(await actorOfSchedule(this.#options.stores.users, before), { ...before, ...fields })
    }
    if (!(await this.#options.stores.schedules.update(id, fields, this.#now()))) throw notFound()
    const schedule = await this.#visible(actor, id)
    await this.#trail.ok(actor, "schedule.update", describe(schedule))
    return this.#view(schedule)
  }

  async remove(actor: Actor, id: number): Promise<void> {
    requireScope(actor, "jobs:write")
    const schedule = await this.#visible(actor, id)
    if (!(await this.#options.stores.schedules.remove(id))) throw notFound()
    await this.#trail.ok(actor, "schedule.remove", describe(schedule))
  }

  async runNow(actor: Actor, id: number): Promise<Job> {
    requireScope(actor, "jobs:write")
    const schedule = await this.#visible(actor, id)
    const owner = await actorOfSchedule(this.#options.stores.users, schedule)
    const job = await this.#options.jobs.start(owner, mirrorRequestOf(readScheduledRequest(schedule.request), schedule.targetId))
    await this.#trail.ok(actor, "schedule.run", `${describe(schedule)}: job ${job.id}`)
    return job
  }

  async #visible(actor: Actor, id: number): Promise<Schedule> {
    const schedule = await this.#options.stores.schedules.get(id)
    if (schedule === undefined || (actor.role === "operator" && schedule.ownerId !== actor.userId)) throw notFound()
    return schedule
  }

  /** That the time comes and the job could be made, by the one in whose name it would be. */
  async #check(
    owner: Actor,
    { cron, timeZone, request, targetId }: Omit<Schedule, "id" | "ownerId" | "createdAt" | "updatedAt">,
  ) {
    parseCron(cron, timeZone, this.#now())
    await this.#options.jobs.prepare(owner, mirrorRequestOf(readScheduledRequest(request), targetId))
  }

  async #view(schedule: Schedule): Promise<ScheduleView> {
    const lastAt = (await this.#options.stores.schedules.lastTick(schedule.id)) ?? null
    return {
      ...schedule,
      request: readScheduledRequest(schedule.request),
      lastAt,
      nextAt: schedule.enabled ? this.#nextAt(schedule, lastAt) : null,
    }
  }

  #nextAt({ cron, timeZone }: Schedule, lastAt: number | null): number | null {
    const from = Math.max(this.#now(), lastAt ?? 0)
    try {
      return parseCron(cron, timeZone, from).after(from)
    } catch {
      // It had a next time when it was made.
      return null
    }
  }
}

function readName(name: string): string {
  const plain = name.trim()
  if (plain !== "" && plain.length <= longestName && legible(plain) === plain) return plain
  throw new ServiceError("invalid", `a schedule has a name of 1 to ${longestName} printable characters`)
}

function describe({ id, name, cron }: Schedule): string {
  return `${name} (${id}: ${cron})`
}

function notFound(): ServiceError {
  return new ServiceError("not_found", "there is no such schedule")
}
