import { describeError, describeErrorDetail, describeStage } from "@entrepot/core/errors"
import type { Locale } from "@entrepot/core/locale"
import { formatBytes } from "@entrepot/core/progress"
import type { useTranslations } from "next-intl"
import type { LogEntry, OutcomeEvent, StateEvent } from "./watched-job.ts"

/** Says the words of this feature. */
export type SayJob = ReturnType<typeof useTranslations<"job">>

/** A line of the log in a language. `quiet`: detail, beside the sentences of the stages. */
export interface LogLine {
  readonly text: string
  readonly tone: "plain" | "quiet" | "success" | "warning" | "danger"
}

/** What the line needs to know besides its event. */
export interface LogWords {
  /** As the person wrote it: `nginx:1.27`. */
  readonly image: string
  readonly locale: Locale
  readonly say: SayJob
  /** The time of day, of milliseconds since 1970. */
  readonly clock: (at: number) => string
}

/** The words of an event, seed 0's for stages and ends. Said when it is drawn, so that another language says it all anew. */
export function logLineOf({ event }: LogEntry, words: LogWords): LogLine {
  const { image, locale, say } = words
  switch (event.type) {
    case "stage":
      return { text: describeStage(event.stage, { image_name: image }, locale), tone: "plain" }
    case "log":
      return { text: event.message, tone: event.level === "warn" ? "warning" : "quiet" }
    case "plan": {
      const { blobs, totalBytes } = event
      if (blobs.length === 0) return { text: say("log.planUnknown"), tone: "quiet" }
      return { text: say("log.plan", { layers: blobs.length, size: formatBytes(totalBytes) }), tone: "quiet" }
    }
    case "blob": {
      const layer = event.label ?? shortDigest(event.digest)
      const text = say(`log.layer.${layerWord(event.state)}`, { layer, size: formatBytes(event.size) })
      return { text, tone: event.state === "failed" ? "danger" : "quiet" }
    }
    case "manifest":
      return { text: manifestText(event.reference, say), tone: "quiet" }
    case "state":
      return stateLine(event, words)
    case "outcome":
      return { text: outcomeText(event, words), tone: event.outcome === "failed" ? "danger" : toneOfEnd(event.outcome) }
  }
}

/** The first twelve digits, as Docker shows layers. */
function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1).slice(0, 12)
}

/** A tag has no colon; what is published without one goes by its digest. */
function manifestText(reference: string, say: SayJob): string {
  return reference.includes(":") ? say("log.manifest", { digest: shortDigest(reference) }) : say("log.tag", { tag: reference })
}

function layerWord(state: string): "done" | "mounted" | "skipped" | "failed" {
  return state === "mounted" || state === "skipped" || state === "failed" ? state : "done"
}

function toneOfEnd(outcome: "succeeded" | "unchanged" | "cancelled"): LogLine["tone"] {
  return outcome === "cancelled" ? "warning" : "success"
}

function stateLine({ state, attempt, waitReason, waitUntil }: StateEvent, { say, clock, locale }: LogWords): LogLine {
  if (state === "waiting") {
    if (waitReason === "credentials") return { text: say("waitsForCredentials"), tone: "warning" }
    return { text: say("waitsForHost", { time: waitUntil === undefined ? "" : clock(waitUntil) }), tone: "warning" }
  }
  if (state === "running") return { text: say("log.attempt", { attempt }), tone: "plain" }
  if (state === "queued") return { text: say(attempt === 0 ? "log.queued" : "log.queuedAgain"), tone: "quiet" }
  if (state === "failed") return { text: say("log.failed"), tone: "danger" }
  return { text: describeStage(state, {}, locale), tone: "warning" }
}

function outcomeText({ outcome, error }: OutcomeEvent, { image, locale }: LogWords): string {
  if (error === undefined) return describeStage(outcome, { image_name: image }, locale)
  const detail = describeErrorDetail(error, locale)
  const sentence = describeError(error, locale)
  return describeStage(outcome, { error_message: detail === undefined ? sentence : `${sentence} (${detail})` }, locale)
}
