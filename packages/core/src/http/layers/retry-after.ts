import type { HttpHeaders } from "../http.ts"

/**
 * Milliseconds that a `Retry-After` header asks for (RFC 9110, 10.2.3), seconds or date; undefined where there is none or it cannot be
 * read. A date is compared with the answer's own `Date`, so that clocks that differ do no harm; `dateMs` serves where that is missing.
 */
export function retryAfterMs(headers: HttpHeaders, dateMs: number): number | undefined {
  const value = headers.get("retry-after")?.trim()
  if (!value) return undefined
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Number(value) * 1000
  const until = Date.parse(value)
  if (Number.isNaN(until)) return undefined
  const sent = Date.parse(headers.get("date") ?? "")
  return Math.max(0, until - (Number.isNaN(sent) ? dateMs : sent))
}
