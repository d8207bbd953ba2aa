import type { FollowedEvent, JobEvent } from "@entrepot/client"
import { noProgress, type Progress, reduceProgress } from "@entrepot/core/progress"
import { isEnded } from "../jobs/job-controls.ts"

export type StateEvent = Extract<JobEvent, { readonly type: "state" }>
export type OutcomeEvent = Extract<JobEvent, { readonly type: "outcome" }>
export type Stage = Extract<JobEvent, { readonly type: "stage" }>["stage"]

/** A job as it is watched: what its events amount to, as plain data without a word of any language. */
export interface WatchedJob {
  /** The newest change of its state; undefined until the first event has come. */
  readonly standing: StateEvent | undefined
  /** Sequence number of that change, 0 before it. */
  readonly standingSequence: number
  /** Stages of the present attempt that have begun. Milliseconds since 1970, by the server's clock. */
  readonly stages: ReadonlyMap<Stage, StageTimes>
  /** Layers and sums of the present attempt. */
  readonly progress: Progress
  /** The stage log, oldest first, earlier attempts included. */
  readonly entries: readonly LogEntry[]
  /** Of the newest event that was numbered; what to go on after. */
  readonly sequence: number
  /** When it came to its end; undefined while it has none. */
  readonly endedAt: number | undefined
  /** What has to be added to this machine's clock to have the server's, milliseconds. */
  readonly clockSkewMs: number
}

export interface StageTimes {
  readonly startedAt: number
  /** Undefined while it is under way, and where it broke off. */
  readonly finishedAt: number | undefined
}

/** An event that the log has a line for. */
export interface LogEntry {
  readonly sequence: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly event: JobEvent
}

export const newlyWatched: WatchedJob = {
  standing: undefined,
  standingSequence: 0,
  stages: new Map(),
  progress: noProgress,
  entries: [],
  sequence: 0,
  endedAt: undefined,
  clockSkewMs: 0,
}

/** Events that came together. */
export interface Arrival {
  readonly events: readonly FollowedEvent[]
  /** Milliseconds since 1970, by this machine's clock. */
  readonly receivedAt: number
  /** With the first counters of a connection: they say what had moved before, which is no speed. */
  readonly isFirst?: boolean
}

/** The watched job after more events, however many: those of one frame together, or all of a job that ended long ago. */
export function afterEvents(job: WatchedJob, { events, receivedAt, isFirst = false }: Arrival): WatchedJob {
  const told: LogEntry[] = []
  let next = job
  for (const followed of withoutStale(events)) {
    if (isTold(followed.event, next)) told.push({ sequence: followed.sequence ?? 0, at: followed.at, event: followed.event })
    next = afterEvent(next, followed)
  }
  return {
    ...next,
    progress: isFirst ? { ...next.progress, samples: next.progress.samples.slice(-1) } : next.progress,
    entries: told.length === 0 ? job.entries : [...job.entries, ...told],
    clockSkewMs: events.reduce((skew, followed) => skewAfter(skew, followed, receivedAt), job.clockSkewMs),
  }
}

function afterEvent(job: WatchedJob, { event, at, sequence = job.sequence }: FollowedEvent): WatchedJob {
  if (event.type === "state") return afterState({ ...job, sequence }, event, at)
  const stages = event.type === "stage" ? afterStage(job.stages, event, at) : job.stages
  return { ...job, sequence, stages, progress: reduceProgress(job.progress, event, at) }
}

function afterState(job: WatchedJob, event: StateEvent, at: number): WatchedJob {
  const standing = { standing: event, standingSequence: job.sequence, endedAt: isEnded(event) ? at : undefined }
  const begins = event.state === "running" || (event.state === "queued" && job.endedAt !== undefined)
  return begins ? { ...job, ...standing, stages: new Map(), progress: noProgress } : { ...job, ...standing }
}

function afterStage(
  stages: WatchedJob["stages"],
  { stage, state }: Extract<JobEvent, { readonly type: "stage" }>,
  at: number,
): WatchedJob["stages"] {
  const times = state === "started" ? undefined : stages.get(stage)
  return new Map(stages).set(stage, { startedAt: times?.startedAt ?? at, finishedAt: state === "finished" ? at : undefined })
}

/** Counters of a blob are told again and again; of those that came together, the last one says it all. */
function withoutStale(events: readonly FollowedEvent[]): readonly FollowedEvent[] {
  const newer = new Set<string>()
  return events
    .toReversed()
    .filter(({ event, sequence }) => {
      if (event.type !== "blob") return true
      const isStale = sequence === undefined && newer.has(event.digest)
      newer.add(event.digest)
      return !isStale
    })
    .reverse()
}

/** Blobs at rest are in the picture of the layers; the log has those that moved, or could not. */
const toldBlobStates: readonly string[] = ["done", "mounted", "skipped", "failed"]

function isTold(event: JobEvent, { progress }: WatchedJob): boolean {
  switch (event.type) {
    case "stage":
      return event.state === "started"
    case "blob":
      return toldBlobStates.includes(event.state)
    case "plan":
      return !event.unchanged
    case "state":
      if (event.state === "running") return event.attempt > 1
      return isEnded(event) ? progress.outcome === undefined && event.state !== "succeeded" : true
    default:
      return true
  }
}

/** A counter is told as it happens; an event that was stored may be old, but it is none of the future. */
function skewAfter(known: number, { at, sequence }: FollowedEvent, receivedAt: number): number {
  return sequence === undefined ? at - receivedAt : Math.max(known, at - receivedAt)
}
