import { expect, test } from "vitest"
import { stepTimes } from "./step-times.ts"

const iso = (times: readonly number[]) => times.map((time) => new Date(time).toISOString().replace(":00.000Z", "Z"))
const days = (timeZone: string, since: string, until: string) =>
  iso(stepTimes({ since: Date.parse(since), until: Date.parse(until), step: "day", timeZone }))
const hoursBetween = (times: readonly string[]) =>
  times.slice(1).map((time, index) => (Date.parse(time) - Date.parse(times[index] ?? "")) / 3_600_000)

test("hours are those that the times touch", () => {
  const since = Date.parse("2024-01-15T14:30:25Z")
  expect(iso(stepTimes({ since, until: since + 1, step: "hour" }))).toEqual(["2024-01-15T14:00Z", "2024-01-15T15:00Z"])
  const full = Date.parse("2024-01-15T14:00Z")
  expect(iso(stepTimes({ since: full, until: full + 2 * 3_600_000, step: "hour" }))).toEqual([
    "2024-01-15T14:00Z",
    "2024-01-15T15:00Z",
    "2024-01-15T16:00Z",
  ])
})

test("days begin at midnight of the zone, UTC without one", () => {
  expect(days("Asia/Shanghai", "2024-01-15T15:59:59Z", "2024-01-15T16:00:01Z")).toEqual([
    "2024-01-14T16:00Z",
    "2024-01-15T16:00Z",
    "2024-01-16T16:00Z",
  ])
  const since = Date.parse("2024-01-15T15:59:59Z")
  expect(iso(stepTimes({ since, until: since + 1, step: "day" }))).toEqual(["2024-01-15T00:00Z", "2024-01-16T00:00Z"])
  expect(days("Asia/Kolkata", "2024-01-15T18:29:59Z", "2024-01-15T18:30:00Z")).toEqual(["2024-01-14T18:30Z", "2024-01-15T18:30Z"])
})

test("a day on which clocks change has 23 or 25 hours, and the next begins at midnight again", () => {
  const spring = days("Europe/Berlin", "2024-03-30T12:00Z", "2024-04-01T12:00Z")
  expect(spring).toEqual(["2024-03-29T23:00Z", "2024-03-30T23:00Z", "2024-03-31T22:00Z", "2024-04-01T22:00Z"])
  expect(hoursBetween(spring)).toEqual([24, 23, 24])
  const autumn = days("Europe/Berlin", "2024-10-26T12:00Z", "2024-10-28T12:00Z")
  expect(autumn).toEqual(["2024-10-25T22:00Z", "2024-10-26T22:00Z", "2024-10-27T23:00Z", "2024-10-28T23:00Z"])
  expect(hoursBetween(autumn)).toEqual([24, 25, 24])
  expect(days("Europe/Berlin", "2024-03-31T21:59:59Z", "2024-03-31T22:00Z")).toEqual(["2024-03-30T23:00Z", "2024-03-31T22:00Z"])
})

test("a day whose midnight is skipped begins at its first moment; one whose midnight comes twice, at the first", () => {
  // Beirut puts its clocks from 00:00 to 01:00, Havana from 01:00 back to 00:00.
  expect(days("Asia/Beirut", "2024-03-30T12:00Z", "2024-03-31T12:00Z")).toEqual([
    "2024-03-29T22:00Z",
    "2024-03-30T22:00Z",
    "2024-03-31T21:00Z",
  ])
  expect(hoursBetween(days("America/Havana", "2024-11-02T12:00Z", "2024-11-04T12:00Z"))).toEqual([24, 25, 24])
  // Samoa left a day out.
  expect(hoursBetween(days("Pacific/Apia", "2011-12-29T12:00Z", "2011-12-31T09:00Z"))).toEqual([24, 24])
})

test("a year of days is 366 steps in a leap year, and 400 steps are the most", () => {
  const year = { since: Date.parse("2024-01-01T00:00Z"), until: Date.parse("2025-01-01T00:00Z") }
  expect(stepTimes({ ...year, step: "day" })).toHaveLength(367)
  expect(stepTimes({ since: 0, until: 400 * 3_600_000, step: "hour" })).toHaveLength(401)
  const tooMany = "more than 400 steps are not told at once"
  expect(() => stepTimes({ since: 0, until: 400 * 3_600_000 + 1, step: "hour" })).toThrow(tooMany)
  expect(() => stepTimes({ ...year, step: "hour" })).toThrow(tooMany)
})

test("a zone that nobody knows and a time that ends before it begins are refused", () => {
  expect(() => stepTimes({ since: 0, until: 1, step: "day", timeZone: "Mars/Olympus" })).toThrow(
    "this time zone is not known; Asia/Shanghai is one",
  )
  expect(() => stepTimes({ since: 1, until: 1, step: "day" })).toThrow("the time ends before it begins")
})
