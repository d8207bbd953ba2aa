import type { Answers } from "@entrepot/client"

type ServedTotals = Answers["statistics"]["served"]["totals"]

const hourMs = 3_600_000

/** Spans of the page, by the hours that they reach back. */
export const spans = { day: 24, week: 7 * 24 } as const
export type Span = keyof typeof spans

/** What is asked about a span that ends with the present hour: the same question for as long as the hour lasts. */
export function spanQuery(span: Span, now: number) {
  const end = Math.ceil((now + 1) / hourMs) * hourMs
  return { since: end - spans[span] * hourMs, until: end, step: "hour" } as const
}

/** Share of what was asked for that was here, 0 to 1; null where nothing was asked for. */
export function hitRate({ hits, misses }: Pick<ServedTotals, "hits" | "misses">): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses)
}

/** Bytes that clients were sent and no upstream had to send. */
export function bytesSaved({ bytesSent, bytesFetched }: Pick<ServedTotals, "bytesSent" | "bytesFetched">): number {
  return Math.max(0, bytesSent - bytesFetched)
}
