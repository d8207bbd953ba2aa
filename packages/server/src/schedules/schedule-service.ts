import type { Job } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import type { MirrorRequest } from "../jobs/job-service.ts"

/** What a schedule asks for each time: as for one job, but with a saved target or the default one, and without a login that nobody would remember. */
export type ScheduledRequest = Omit<MirrorRequest, "target" | "sourceLogin">

/** A schedule as it is shown. */
export interface ScheduleView {
  readonly id: number
  readonly ownerId: number
  readonly name: string
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  readonly cron: string
  /** IANA name: `Asia/Shanghai`. */
  readonly timeZone: string
  readonly request: ScheduledRequest
  /** Null: the default target of the configuration. */
  readonly targetId: number | null
  readonly enabled: boolean
  /** Newest tick that made a job, milliseconds since 1970. */
  readonly lastAt: number | null
  /** Null when it is not enabled, or never again. */
  readonly nextAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
}

export interface ScheduleInput {
  readonly name: string
  readonly cron: string
  /** Default UTC. */
  readonly timeZone?: string | undefined
  readonly request: ScheduledRequest
  readonly targetId?: number | null | undefined
  /** Default true. */
  readonly enabled?: boolean | undefined
}

/**
 * Mirrors that are started by the clock, on behalf of whoever made them. Operators have their own, administrators and viewers see all, viewers
 * change none. A foreign one is not found (RELIABILITY S13).
 */
export interface ScheduleService {
  list(actor: Actor): Promise<readonly ScheduleView[]>
  get(actor: Actor, id: number): Promise<ScheduleView>
  /** @throws ServiceError `invalid` for the cron expression or time zone; TransferError for names that cannot be parsed. */
  create(actor: Actor, input: ScheduleInput): Promise<ScheduleView>
  update(actor: Actor, id: number, changes: Partial<ScheduleInput>): Promise<ScheduleView>
  /** Its jobs stay in the history. */
  remove(actor: Actor, id: number): Promise<void>
  /** Its job now, whatever the clock says; owned by the schedule's owner. */
  runNow(actor: Actor, id: number): Promise<Job>
}
