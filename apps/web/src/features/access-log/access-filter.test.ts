import { expect, test } from "vitest"
import { exportAddress, formatAccessFilter, isSameFilter, noFilter, parseAccessFilter, questionOf } from "./access-filter.ts"

const parse = (address: string) => parseAccessFilter(new URLSearchParams(address))
const noon = Date.parse("2024-01-15T12:00:00Z")

test("an address says everything that the log can be narrowed by, and says it again", () => {
  const said =
    "?user=ci&address=10.0.0.7&action=pull&repository=docker.io%2Flibrary%2F&status=4xx&cache=miss&since=2024-01-15T10%3A00&until=2024-01-15T11%3A30"
  expect(formatAccessFilter(parse(said))).toBe(said)
  expect(formatAccessFilter(noFilter)).toBe("")
})

test("what means nothing is left out", () => {
  const odd = parse("action=steal&status=600&cache=warm&since=yesterday&until=2024-13-45T99:99&user=%20%20")
  expect(isSameFilter(odd, noFilter)).toBe(true)
  expect(parse("status=4XX").status).toBe("4xx")
  expect(parse(`repository=${"x".repeat(600)}`).repository).toHaveLength(512)
})

test("a class of statuses is asked for by its first digit, ranges from their beginning, minutes in local time", () => {
  const minute = new Date("2024-01-15T11:30").getTime()
  expect(questionOf(parse("status=4xx&since=1h"), noon)).toEqual({ limit: 100, status: 4, from: noon - 3_600_000 })
  expect(questionOf(parse("status=404&user=ci&until=2024-01-15T11:30"), noon)).toEqual({
    ...{ limit: 100, status: 404, user: "ci", to: minute },
  })
  expect(questionOf(noFilter, noon)).toEqual({ limit: 100 })
})

test("a file holds what the page shows: the fields have the names of that route", () => {
  const filter = parse("user=ci&address=10.0.0.7&action=blob&repository=team/app&status=5xx&cache=hit&since=24h")
  expect(exportAddress(filter, "json", noon)).toBe(
    "/api/logs/export?format=json&username=ci&ip=10.0.0.7&action=blob&image=team%2Fapp&status=5xx&cache=hit&since=2024-01-14T12%3A00%3A00.000Z",
  )
  expect(exportAddress(noFilter, "csv", noon)).toBe("/api/logs/export?format=csv")
})
