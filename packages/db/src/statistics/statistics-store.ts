import type { Visibility } from "../jobs/job-store.ts"

/** What ended in a span of time. A job that was retried has ended more than once; batches are not counted, their children are. */
export interface Tally {
  /** Jobs that changed something at the target. */
  readonly succeeded: number
  /** Jobs whose target had it already. */
  readonly unchanged: number
  readonly failed: number
  readonly cancelled: number
  readonly bytesSent: number
  readonly bytesSkipped: number
  /** Duration and bytes of the jobs that sent any, however they ended: together their mean speed. */
  readonly copyMs: number
  readonly copyBytes: number
}

/** A registry at one end of jobs. Local places are none. */
export interface HostSide {
  readonly side: "source" | "target"
  /** As in a job: `docker.io`. */
  readonly host: string
}

/** What had to do with one registry. */
export interface HostTally extends HostSide, Tally {}

/** Bytes that were copied from or to a registry, and how long that took. */
export type Copied = Pick<Tally, "copyMs" | "copyBytes">

/**
 * Counts of ended jobs by the hour in which they ended. They are written together with a job's end, and stay when the job is removed.
 * Hours are whole hours since 1970, in their order; n + 1 of them bound n steps.
 */
export interface StatisticsStore {
  /** One tally a step, and those of the whole span by registry: all that had anything to do, in no order. */
  tallies(
    visibility: Visibility,
    hours: readonly number[],
  ): Promise<{ readonly steps: readonly Tally[]; readonly hosts: readonly HostTally[] }>
  /** One entry a step for each of these registries, in the order in which they were named. */
  copied(visibility: Visibility, places: readonly HostSide[], hours: readonly number[]): Promise<readonly (readonly Copied[])[]>
}
