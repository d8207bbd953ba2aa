import { type JobFilter, queryOfFilter } from "./job-filter.ts"

export const exportFormats = ["csv", "json"] as const

/** Where the application hands out the jobs of a filter as a file: `/api/jobs/export?format=csv&status=failed`. */
export function exportAddress(filter: JobFilter, format: (typeof exportFormats)[number], now: number): string {
  const { states, search, host, kind, since, until } = queryOfFilter(filter, now)
  const asked = new URLSearchParams({ format })
  if (states !== undefined) asked.set("status", states.join(","))
  if (search !== undefined) asked.set("search", search)
  if (host !== undefined) asked.set("host", host)
  if (kind !== undefined) asked.set("kind", kind)
  if (since !== undefined) asked.set("since", new Date(since).toISOString())
  if (until !== undefined) asked.set("until", new Date(until).toISOString())
  return `/api/jobs/export?${asked}`
}
