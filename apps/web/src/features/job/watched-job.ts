import type { FollowedEvent, JobState } from "@entrepot/client"
import { describeError, describeErrorDetail, describeStage } from "@entrepot/core/errors"
import type { Locale } from "@entrepot/core/locale"
import { noProgress, type Progress, reduceProgress } from "@entrepot/core/progress"

/** Says why a job waits, in the language of the page. */
export type SayWait = (name: "waitsForCredentials" | "waitsForHost", values?: { readonly time: string }) => string

/** A job as it is watched: what its events amount to. */
export interface WatchedJob {
  readonly state: JobState
  readonly progress: Progress
  /** The stage log, oldest first. */
  readonly lines: readonly LogLine[]
}

export interface LogLine {
  /** Of the event that said it. */
  readonly sequence: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly text: string
}

export const newlyWatched: WatchedJob = { state: "queued", progress: noProgress, lines: [] }

/** The watched job after one more event. */
export function afterEvent(job: WatchedJob, followed: FollowedEvent, say: SayWait, locale: Locale): WatchedJob {
  const { event, at, sequence } = followed
  const text = lineOf(followed, job, say, locale)
  const lines = text === undefined ? job.lines : [...job.lines, { sequence: sequence ?? 0, at, text }]
  if (event.type !== "state") return { ...job, lines, progress: reduceProgress(job.progress, event, at) }
  const begins = event.state === "running" && event.attempt > 1
  return { lines, state: event.state, progress: begins ? noProgress : job.progress }
}

function lineOf({ event }: FollowedEvent, { progress }: WatchedJob, say: SayWait, locale: Locale): string | undefined {
  const image = progress.plan === undefined ? {} : { image_name: progress.plan.source }
  if (event.type === "stage") return event.state === "started" ? describeStage(event.stage, image, locale) : undefined
  if (event.type === "log") return event.message
  if (event.type === "state") {
    if (event.state !== "waiting") return undefined
    if (event.waitReason === "credentials") return say("waitsForCredentials")
    return say("waitsForHost", {
      time: event.waitUntil === undefined ? "" : new Date(event.waitUntil).toLocaleTimeString(locale),
    })
  }
  if (event.type !== "outcome") return undefined
  if (event.error === undefined) return describeStage(event.outcome, image, locale)
  const detail = describeErrorDetail(event.error, locale)
  const sentence = describeError(event.error, locale)
  return describeStage(
    event.outcome,
    { ...image, error_message: detail === undefined ? sentence : `${sentence} (${detail})` },
    locale,
  )
}
