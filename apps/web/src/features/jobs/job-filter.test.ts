import { describe, expect, test } from "vitest"
import { formatJobFilter, type JobFilter, noFilter, parseJobFilter, queryOfFilter } from "./job-filter.ts"

const now = new Date(2024, 2, 31, 15, 30).getTime()
const day = (year: number, month: number, date: number) => new Date(year, month - 1, date).getTime()

describe("a filter in an address", () => {
  const filters: readonly [string, JobFilter][] = [
    ["", noFilter],
    ["?state=failed&search=nginx", { ...noFilter, state: "failed", search: "nginx" }],
    ["?state=open&kind=images", { ...noFilter, state: "open", kind: "images" }],
    ["?host=127.0.0.1%3A5000&since=7d", { ...noFilter, host: "127.0.0.1:5000", since: "7d" }],
    ["?since=2024-01-15&until=2024-02-29", { ...noFilter, since: "2024-01-15", until: "2024-02-29" }],
    ["?search=a%26b%3D%22c%22+%25", { ...noFilter, search: 'a&b="c" %' }],
  ]

  test.each(filters)("%s can be read and written", (address, filter) => {
    expect(parseJobFilter(new URLSearchParams(address))).toEqual(filter)
    expect(formatJobFilter(filter)).toBe(address)
  })

  test.each(["?state=done", "?kind=", "?since=tomorrow", "?since=2024-02-30", "?until=7d", "?search=++", "?until=2024-1-1"])(
    "%s asks for nothing",
    (address) => {
      expect(parseJobFilter(new URLSearchParams(address))).toEqual(noFilter)
    },
  )

  test("names are no longer than what the application takes", () => {
    expect(parseJobFilter(new URLSearchParams({ search: "x".repeat(300) })).search).toHaveLength(256)
  })
})

describe("the question behind a filter", () => {
  const ask = (filter: Partial<JobFilter>) => queryOfFilter({ ...noFilter, ...filter }, now)

  test("without any is everything, batches standing for their images", () => {
    expect(ask({})).toEqual({ limit: 100 })
    expect(ask({ kind: "batches" })).toEqual({ limit: 100, kind: "batch" })
  })

  test("open jobs are those that have not ended", () => {
    expect(ask({ state: "open" })).toEqual({ limit: 100, states: ["queued", "waiting", "running"] })
    expect(ask({ state: "failed" })).toEqual({ limit: 100, states: ["failed"] })
  })

  test("images are looked for in batches too", () => {
    expect(ask({ kind: "images" })).toEqual({ limit: 100, kind: "mirror", everywhere: true })
    expect(ask({ search: "nginx" })).toEqual({ limit: 100, search: "nginx", everywhere: true })
    expect(ask({ host: "quay.io" })).toEqual({ limit: 100, host: "quay.io", everywhere: true })
  })

  test("ranges begin with a day, over the change of clocks too", () => {
    expect(ask({ since: "today" })).toEqual({ limit: 100, since: day(2024, 3, 31) })
    expect(ask({ since: "7d" })).toEqual({ limit: 100, since: day(2024, 3, 25) })
    expect(ask({ since: "30d" })).toEqual({ limit: 100, since: day(2024, 3, 2) })
  })

  test("the last day belongs to the range", () => {
    expect(ask({ since: "2024-02-01", until: "2024-02-29" })).toEqual({
      limit: 100,
      since: day(2024, 2, 1),
      until: day(2024, 3, 1),
    })
  })

  test("is the same all day", () => {
    expect(queryOfFilter({ ...noFilter, since: "7d" }, now + 60_000)).toEqual(ask({ since: "7d" }))
  })
})
