import { and, asc, eq, max } from "drizzle-orm"
import { type Engine, row, rows, run } from "../engine/engine.ts"
import { insertJobs } from "../jobs/insert-jobs.ts"
import type { Job } from "../jobs/job.ts"
import { toJob } from "../jobs/job-row.ts"
import type { NewJob } from "../jobs/job-store.ts"
import { QueueChange } from "../jobs/queue-change.ts"
import type { Tables } from "../schema/tables.ts"
import type { NewSchedule, Schedule, ScheduleStore } from "./schedule-store.ts"

/** Schedules over either dialect. */
export class SqlScheduleStore implements ScheduleStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async create(schedule: NewSchedule, at: number): Promise<Schedule> {
    const created = await this.#engine.write(({ db, tables: { schedules } }) =>
      row(
        db
          .insert(schedules)
          .values({ ...columnsOf(schedule), createdAt: at, updatedAt: at })
          .returning(),
      ),
    )
    if (!created) throw new Error("the schedule was not stored")
    return toSchedule(created)
  }

  async get(id: number): Promise<Schedule | undefined> {
    const found = await this.#engine.read(({ db, tables: { schedules } }) =>
      row(db.select().from(schedules).where(eq(schedules.id, id))),
    )
    return found && toSchedule(found)
  }

  async list(ownerId?: number): Promise<readonly Schedule[]> {
    const found = await this.#engine.read(({ db, tables: { schedules } }) =>
      rows(
        db
          .select()
          .from(schedules)
          .where(ownerId === undefined ? undefined : eq(schedules.ownerId, ownerId))
          .orderBy(asc(schedules.id)),
      ),
    )
    return found.map(toSchedule)
  }

  update(id: number, changes: Partial<Omit<NewSchedule, "ownerId">>, at: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { schedules } }) {
      const before = yield* row(db.select().from(schedules).where(eq(schedules.id, id)))
      if (!before) return false
      const { ownerId } = before
      const after = columnsOf({ ...toSchedule(before), ...changes, ownerId })
      yield* run(
        db
          .update(schedules)
          .set({ ...after, updatedAt: at })
          .where(eq(schedules.id, id)),
      )
      return true
    })
  }

  remove(id: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { schedules } }) {
      const removed = yield* rows(db.delete(schedules).where(eq(schedules.id, id)).returning({ id: schedules.id }))
      return removed.length > 0
    })
  }

  async claimTick(scheduleId: number, tickAt: number, job: NewJob, at: number): Promise<Job | undefined> {
    const made = await this.#engine.write(function* (context) {
      const { db, tables } = context
      const { schedules, scheduleTicks } = tables
      const change = yield* QueueChange.begin(context)
      const schedule = yield* row(
        db
          .select({ id: schedules.id })
          .from(schedules)
          .where(and(eq(schedules.id, scheduleId), eq(schedules.enabled, true))),
      )
      if (!schedule) return undefined
      const mine = yield* row(
        db.insert(scheduleTicks).values({ scheduleId, tickAt }).onConflictDoNothing().returning({ at: scheduleTicks.tickAt }),
      )
      if (!mine) return undefined
      const [inserted] = yield* insertJobs(change, [job], { at })
      yield* run(
        db
          .update(scheduleTicks)
          .set({ jobId: inserted?.id ?? null })
          .where(and(eq(scheduleTicks.scheduleId, scheduleId), eq(scheduleTicks.tickAt, tickAt))),
      )
      return inserted
    })
    return made && toJob(made)
  }

  lastTick(scheduleId: number): Promise<number | undefined> {
    return this.#engine.read(function* ({ db, tables: { scheduleTicks } }) {
      const newest = yield* row(
        db
          .select({ at: max(scheduleTicks.tickAt) })
          .from(scheduleTicks)
          .where(eq(scheduleTicks.scheduleId, scheduleId)),
      )
      return newest?.at ?? undefined
    })
  }
}

function columnsOf({ ownerId, name, cron, timeZone, request, targetId, enabled }: NewSchedule) {
  return { ownerId, name, cron, timeZone, request: JSON.stringify(request), targetId, enabled }
}

function toSchedule(found: Tables["schedules"]["$inferSelect"]): Schedule {
  return { ...found, request: JSON.parse(found.request) as Schedule["request"] }
}
