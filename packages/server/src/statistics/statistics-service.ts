import type { HostSide, RepositoryTally, ServedTally, Tally } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"

/** Times are milliseconds since 1970. */
export interface StatisticsQuery {
  readonly since: number
  /** Default now. */
  readonly until?: number
  readonly step: "hour" | "day"
  /** IANA name: where days begin. Default UTC. */
  readonly timeZone?: string
}

/** What ended within one step. */
export interface StatisticsStep extends Omit<Tally, "copyMs" | "copyBytes"> {
  /** When the step begins. */
  readonly at: number
}

/** How a registry did. */
export interface HostStatistics extends HostSide {
  /** Jobs that ended, however they did. */
  readonly jobs: number
  readonly failed: number
  readonly bytesSent: number
  /** Mean of what was copied; null when nothing was. */
  readonly bytesPerSecond: number | null
  /** The same for each step. */
  readonly speeds: readonly (number | null)[]
}

/** What ended, by time and by registry. */
export interface StatisticsOverview {
  /** Begin of the first step, end of the last. */
  readonly since: number
  readonly until: number
  readonly step: StatisticsQuery["step"]
  readonly totals: Tally
  /** Oldest first, without gaps. */
  readonly steps: readonly StatisticsStep[]
  /** Slowest first, those without a speed last; at most ten of each side. */
  readonly hosts: readonly HostStatistics[]
}

/** What was served within one step. */
export interface ServedStep extends ServedTally {
  /** When the step begins. */
  readonly at: number
}

/** How an upstream did. */
export interface UpstreamStatistics {
  readonly host: string
  readonly requests: number
  readonly failures: number
  /** Mean time to an answer's head, milliseconds; null when none answered. */
  readonly waitMs: number | null
  readonly bytesFetched: number
}

/** What the registry served, by time, upstream and repository. */
export interface ServedOverview {
  /** Begin of the first step, end of the last. */
  readonly since: number
  readonly until: number
  readonly step: StatisticsQuery["step"]
  readonly totals: ServedTally
  /** Oldest first, without gaps. */
  readonly steps: readonly ServedStep[]
  /** Slowest first, those that never answered before them; at most ten. */
  readonly upstreams: readonly UpstreamStatistics[]
  /** Most pulled first, at most ten; of those that the caller may see. Counted by whole days of UTC. */
  readonly repositories: readonly RepositoryTally[]
}

/** Numbers about jobs that have ended, and about what was served. */
export interface StatisticsService {
  /**
   * What ended in the steps that the times touch. Operators are told of their own jobs, administrators and viewers of all. Jobs are counted by the hour
   * of UTC in which they ended, and an hour that midnight divides belongs to the new day.
   * @throws ServiceError `invalid` for more than 400 steps, and for a time zone that is not known.
   */
  overview(actor: Actor, query: StatisticsQuery): Promise<StatisticsOverview>
  /** What the registry of all processes has served in the steps that the times touch. @throws ServiceError as overview. */
  served(actor: Actor, query: StatisticsQuery): Promise<ServedOverview>
}
