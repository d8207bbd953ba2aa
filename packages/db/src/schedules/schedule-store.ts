import type { Job } from "../jobs/job.ts"
import type { NewJob } from "../jobs/job-store.ts"

/** A mirror that is started again and again. Times are milliseconds since 1970. */
export interface Schedule {
  readonly id: number
  readonly ownerId: number
  readonly name: string
  /** As a person writes it: `0 3 * * *`. */
  readonly cron: string
  /** IANA name: `Asia/Shanghai`. */
  readonly timeZone: string
  /** What is asked for each time, as plain data without any secret; whoever made it reads it back. */
  readonly request: Readonly<Record<string, unknown>>
  /** Saved target whose credentials are used. */
  readonly targetId: number | null
  readonly enabled: boolean
  readonly createdAt: number
  readonly updatedAt: number
}

/** A schedule before it has a number. */
export type NewSchedule = Omit<Schedule, "id" | "createdAt" | "updatedAt">

/** What is copied again and again. */
export interface ScheduleStore {
  create(schedule: NewSchedule, at: number): Promise<Schedule>
  get(id: number): Promise<Schedule | undefined>
  /** Oldest first; without an owner everyone's. */
  list(ownerId?: number): Promise<readonly Schedule[]>
  update(id: number, changes: Partial<Omit<NewSchedule, "ownerId">>, at: number): Promise<boolean>
  /** Its jobs stay. */
  remove(id: number): Promise<boolean>
  /**
   * Makes the job of one tick. Of all processes that see the tick come, one gets the job and the others undefined (fault 38); so do all when the
   * schedule is gone or not enabled. `tickAt` is the time that the schedule names, not that of the call.
   */
  claimTick(scheduleId: number, tickAt: number, job: NewJob, at: number): Promise<Job | undefined>
  /** The newest tick that was claimed: where a scheduler that starts goes on. */
  lastTick(scheduleId: number): Promise<number | undefined>
}
