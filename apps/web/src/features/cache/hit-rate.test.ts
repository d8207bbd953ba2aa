import { expect, test } from "vitest"
import { bytesSaved, hitRate, spanQuery } from "./hit-rate.ts"

test("a span ends with the present hour, and is asked about once an hour", () => {
  const noon = Date.UTC(2026, 10, 21, 12)
  expect(spanQuery("day", noon + 60_000)).toEqual({
    since: Date.UTC(2026, 10, 20, 13),
    until: Date.UTC(2026, 10, 21, 13),
    step: "hour",
  })
  expect(spanQuery("day", noon)).toEqual(spanQuery("day", noon + 3_599_999))
  expect(spanQuery("week", noon).since).toBe(Date.UTC(2026, 10, 14, 13))
})

test("nothing asked for is no rate of nothing", () => {
  expect(hitRate({ hits: 0, misses: 0 })).toBeNull()
  expect(hitRate({ hits: 3, misses: 1 })).toBe(0.75)
})

test("what was sent and not fetched was saved; fetching ahead saves nothing", () => {
  expect(bytesSaved({ bytesSent: 10, bytesFetched: 4 })).toBe(6)
  expect(bytesSaved({ bytesSent: 4, bytesFetched: 10 })).toBe(0)
})
