import { describeError, type ErrorCode, errorCodes, type Locale } from "@entrepot/core"
import { formatBytes, formatDuration } from "@entrepot/core/progress"
import type { JobFacts, UpstreamFacts } from "@entrepot/db/stores"
import type { WebhookMessage } from "./message.ts"
import { words } from "./words.ts"

/** A message in words, for the bots of chats. */
export interface Notice {
  readonly title: string
  /** Our own sentence, where there is one. */
  readonly sentence: string | undefined
  /** What is known. Values are foreign text: names of images, what a registry's failure reads like. Formats take every markup out of them. */
  readonly lines: readonly { readonly label: string; readonly value: string }[]
  readonly link: { readonly label: string; readonly url: string } | undefined
  /** Between a label and its value. */
  readonly colon: string
}

const longestValue = 300

/** Says a message in its webhook's language. */
export function noticeOf({ event, facts, locale, link }: WebhookMessage): Notice {
  const { titles, test, links, colon } = words[locale]
  const lines =
    facts.about === "job" ? linesOfJob(facts, locale) : facts.about === "upstream" ? linesOfUpstream(facts, locale) : []
  return {
    title: facts.about === "job" ? titleOfJob(facts, locale) : titles[event],
    sentence: facts.about === "test" ? test : undefined,
    lines: lines.flatMap(([label, value]) =>
      value === "" ? [] : [{ label: words[locale].labels[label], value: oneLine(value) }],
    ),
    link: link === undefined ? undefined : { label: links[facts.about], url: link },
    colon,
  }
}

type Line = readonly [label: keyof (typeof words)[Locale]["labels"], value: string]

function titleOfJob({ jobs, error, unchanged }: JobFacts, locale: Locale): string {
  const { titles, batch, unchanged: nothingToDo } = words[locale]
  const isFailed = error !== null || (jobs !== null && jobs.failed > 0)
  if (jobs !== null) return isFailed ? batch.failed : batch.succeeded
  if (isFailed) return titles["job.failed"]
  return unchanged ? nothingToDo : titles["job.succeeded"]
}

function linesOfJob(
  { source, target, digest, unchanged, bytesSent, durationMs, error, jobs }: JobFacts,
  locale: Locale,
): readonly Line[] {
  return [
    ["source", source],
    ["target", target],
    ["digest", digest ?? ""],
    ["jobs", jobs === null ? "" : words[locale].jobs(jobs)],
    ["error", error === null ? "" : reasonOf(error, locale)],
    ["sent", unchanged || bytesSent === 0 ? "" : formatBytes(bytesSent)],
    ["took", durationMs === 0 ? "" : formatDuration(durationMs)],
  ]
}

function linesOfUpstream({ name, registry, host, error }: UpstreamFacts, locale: Locale): readonly Line[] {
  return [
    ["upstream", locale === "zh" ? `${name}（${registry}）` : `${name} (${registry})`],
    ["host", host],
    ["error", error ?? ""],
  ]
}

/** Our sentence for the code, and behind it what exactly it was. */
function reasonOf({ code, message }: NonNullable<JobFacts["error"]>, locale: Locale): string {
  if (!isErrorCode(code)) return message
  const sentence = describeError({ code }, locale)
  return locale === "zh" ? `${sentence}（${message}）` : `${sentence} (${message})`
}

function isErrorCode(code: string): code is ErrorCode {
  return errorCodes.some((each) => each === code)
}

/** Bounded, and without characters that end a line, move a cursor, turn the direction or are not seen. */
function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, " ").trim()
  const characters = [...plain]
  return characters.length > longestValue ? `${characters.slice(0, longestValue).join("")}…` : plain
}
