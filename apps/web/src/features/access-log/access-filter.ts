import type { AccessQuery } from "@entrepot/client"

/** What requests to /v2 are for. */
export const accessActions = ["login", "pull", "blob", "push", "delete", "list", "search"] as const
/** Where an answer came from. */
export const cacheAnswers = ["hit", "revalidated", "miss", "stale"] as const
/** Times that go back from now. */
const rangeMs = { "1h": 3_600_000, "24h": 86_400_000, "7d": 7 * 86_400_000 } as const
export type TimeRange = keyof typeof rangeMs
export const timeRanges: readonly TimeRange[] = ["1h", "24h", "7d"]

/** What the access log is narrowed to, as the page's address says it. Empty texts narrow nothing. */
export interface AccessFilter {
  readonly user: string
  readonly address: string
  readonly action: (typeof accessActions)[number] | ""
  /** The whole name, or with `/` at its end everything below it. */
  readonly repository: string
  /** `404`, or `4xx` for 400 to 499. */
  readonly status: string
  readonly cache: (typeof cacheAnswers)[number] | ""
  /** A range that ends now, or a minute in local time: `1h`, `2024-01-15T14:30`. */
  readonly since: string
  /** A minute in local time. */
  readonly until: string
}

const names = ["user", "address", "action", "repository", "status", "cache", "since", "until"] as const
const longest = { user: 256, address: 64, repository: 512 } as const

/** How many entries are asked for at once. */
const pageLength = 100

/** Everything is shown. */
export const noFilter: AccessFilter = {
  ...{ user: "", address: "", action: "", repository: "", status: "", cache: "", since: "", until: "" },
}

/** The filter that an address asks for; whatever it says that means nothing is left out. */
export function parseAccessFilter(address: { get(name: string): string | null }): AccessFilter {
  const text = (name: string) => (address.get(name) ?? "").trim()
  const [since, until] = [text("since"), text("until")]
  return {
    user: text("user").slice(0, longest.user),
    address: text("address").slice(0, longest.address),
    action: accessActions.find((action) => action === text("action")) ?? "",
    repository: text("repository").slice(0, longest.repository),
    status: isStatus(text("status")) ? text("status").toLowerCase() : "",
    cache: cacheAnswers.find((cache) => cache === text("cache")) ?? "",
    since: isTimeRange(since) || minuteOf(since) !== undefined ? since : "",
    until: minuteOf(until) === undefined ? "" : until,
  }
}

/** The query of an address, `?user=ci&status=4xx`; empty without any filter. */
export function formatAccessFilter(filter: AccessFilter): string {
  const said = new URLSearchParams()
  for (const name of names) if (filter[name] !== "") said.set(name, filter[name])
  return said.size === 0 ? "" : `?${said}`
}

/** Whether two filters ask for the same. */
export function isSameFilter(one: AccessFilter, other: AccessFilter): boolean {
  return names.every((name) => one[name] === other[name])
}

/** Whether a time is meant as a range that ends now. */
export function isTimeRange(text: string): text is TimeRange {
  return timeRanges.some((range) => range === text)
}

/** A status like `404`, or a class of them like `4xx`. */
export function isStatus(text: string): boolean {
  return /^[1-5](?:\d\d|xx)$/i.test(text)
}

/** A minute in local time as milliseconds since 1970; undefined when there is none such. */
function minuteOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return undefined
  const time = new Date(text).getTime()
  return Number.isNaN(time) ? undefined : time
}

/** What the log is asked for, page by page. `now` is where a range ends, milliseconds since 1970. */
export type AccessLogQuestion = Omit<AccessQuery, "before">

/** The question behind a filter. */
export function questionOf(filter: AccessFilter, now: number): AccessLogQuestion {
  const { user, address, action, repository, status, cache } = filter
  const from = isTimeRange(filter.since) ? now - rangeMs[filter.since] : minuteOf(filter.since)
  const to = minuteOf(filter.until)
  return {
    limit: pageLength,
    ...(user !== "" && { user }),
    ...(address !== "" && { address }),
    ...(action !== "" && { action }),
    ...(repository !== "" && { repository }),
    ...(status !== "" && { status: Number(status.replace("xx", "")) }),
    ...(cache !== "" && { cache }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  }
}

/** Where the application hands out the entries of a filter as a file: `/api/logs/export?format=csv&username=ci`. */
export function exportAddress(filter: AccessFilter, format: "csv" | "json", now: number): string {
  const { from, to } = questionOf(filter, now)
  const asked = new URLSearchParams({ format })
  const said = {
    ...{ username: filter.user, ip: filter.address, action: filter.action, image: filter.repository },
    ...{ status: filter.status, cache: filter.cache },
    since: from === undefined ? "" : new Date(from).toISOString(),
    until: to === undefined ? "" : new Date(to).toISOString(),
  }
  for (const [name, value] of Object.entries(said)) if (value !== "") asked.set(name, value)
  return `/api/logs/export?${asked}`
}
