import type { JobState } from "@entrepot/client"
import { startOfDay } from "../../components/time/calendar-day.ts"
import { formatDay } from "../../components/time/format-time.ts"
import type { JobListQuery } from "./use-job-list.ts"

export const filterStates = ["all", "open", "succeeded", "failed", "cancelled"] as const
export const filterKinds = ["all", "images", "batches"] as const
/** Days that a range goes back, today included. */
const rangeDays = { today: 1, "7d": 7, "30d": 30 } as const
export type DayRange = keyof typeof rangeDays
export const dayRanges: readonly DayRange[] = ["today", "7d", "30d"]

/** What a history is narrowed to, as a page's address says it. Empty texts narrow nothing. */
export interface JobFilter {
  readonly state: (typeof filterStates)[number]
  readonly kind: (typeof filterKinds)[number]
  /** Part of a source or target. */
  readonly search: string
  /** Registry, as source or target. */
  readonly host: string
  /** A range that ends now, or the first day: `7d`, `2024-01-15`. */
  readonly since: string
  /** The last day: `2024-01-15`. */
  readonly until: string
}

export const noFilter: JobFilter = { state: "all", kind: "all", search: "", host: "", since: "", until: "" }

const longestText = 256

/** The filter that an address asks for; whatever it says that means nothing is left out. */
export function parseJobFilter(address: { get(name: string): string | null }): JobFilter {
  const text = (name: string) => (address.get(name) ?? "").trim().slice(0, longestText)
  const since = text("since")
  const until = text("until")
  return {
    state: filterStates.find((state) => state === address.get("state")) ?? "all",
    kind: filterKinds.find((kind) => kind === address.get("kind")) ?? "all",
    search: text("search"),
    host: text("host"),
    since: isRange(since) || startOfDay(since) !== undefined ? since : "",
    until: startOfDay(until) === undefined ? "" : until,
  }
}

/** The query of an address, `?state=failed&search=nginx`; empty without any filter. */
export function formatJobFilter(filter: JobFilter): string {
  const said = new URLSearchParams()
  for (const name of ["state", "kind", "search", "host", "since", "until"] as const) {
    if (filter[name] !== noFilter[name]) said.set(name, filter[name])
  }
  return said.size === 0 ? "" : `?${said}`
}

export function isRange(since: string): since is DayRange {
  return dayRanges.some((range) => range === since)
}

/** Whether two filters ask for the same. */
export function isSameFilter(one: JobFilter, other: JobFilter): boolean {
  return formatJobFilter(one) === formatJobFilter(other)
}

const openStates: JobState[] = ["queued", "waiting", "running"]

/**
 * The question behind a filter. Batches stand for their images, except where single images are asked for: by kind, by a registry, or by a name.
 * Equal on the same day, so that what is known of the answer can be kept.
 */
export function queryOfFilter(filter: JobFilter, now: number): JobListQuery {
  const { state, kind, search, host } = filter
  const { since, until } = timesOf(filter, now)
  return {
    limit: 100,
    ...(state !== "all" && { states: state === "open" ? openStates : [state] }),
    ...(kind !== "all" && { kind: kind === "images" ? "mirror" : "batch" }),
    ...(search !== "" && { search }),
    ...(host !== "" && { host }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...((kind === "images" || search !== "" || host !== "") && { everywhere: true }),
  }
}

/** From when to when, milliseconds since 1970; the end is the beginning of the day after the last. */
function timesOf({ since, until }: JobFilter, now: number): { readonly since?: number; readonly until?: number } {
  const from = isRange(since) ? startOfDay(formatDay(now), 1 - rangeDays[since]) : startOfDay(since)
  const to = startOfDay(until, 1)
  return { ...(from !== undefined && { since: from }), ...(to !== undefined && { until: to }) }
}
