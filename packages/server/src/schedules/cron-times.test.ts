import { expect, test } from "vitest"
import { parseCron } from "./cron-times.ts"

const noon = Date.parse("2026-03-28T12:00:00Z")
const at = (expression: string, zone: string, after = noon) => {
  const next = parseCron(expression, zone, after).after(after)
  return next === null ? null : new Date(next).toISOString()
}

test.each([
  ["0 3 * * *", "UTC", "2026-03-29T03:00:00.000Z"],
  ["0 3 * * *", "Asia/Shanghai", "2026-03-28T19:00:00.000Z"],
  ["  */5 * * * *  ", "UTC", "2026-03-28T12:05:00.000Z"],
  ["0 12 * * *", "UTC", "2026-03-29T12:00:00.000Z"],
  ["@daily", "UTC", "2026-03-29T00:00:00.000Z"],
  ["0 9 * * MON-FRI", "Europe/Berlin", "2026-03-30T07:00:00.000Z"],
  ["30 2 * * *", "Europe/Berlin", "2026-03-29T01:00:00.000Z"],
])("%s in %s comes next at %s", (expression, zone, expected) => expect(at(expression, zone)).toBe(expected))

test("an hour that a clock shows twice is one tick", () => {
  const times = parseCron("30 2 * * *", "Europe/Berlin", Date.parse("2026-10-24T12:00:00Z"))
  const first = times.after(Date.parse("2026-10-24T12:00:00Z")) ?? 0
  const second = times.after(first) ?? 0
  expect(second - first).toBeGreaterThan(23 * 3_600_000)
})

const notCron =
  "ServiceError: this is no cron expression: it has five fields, minute, hour, day, month and weekday, as in 0 3 * * *"

test.each([
  ["", notCron],
  ["x", notCron],
  ["* * * * * *", notCron],
  ["2026-12-01T00:00:00", notCron],
  ["60 * * * *", notCron],
  ["* * * *", notCron],
  ["* * * * *; rm", notCron],
  ["*".repeat(300), "ServiceError: a cron expression has at most 256 characters"],
  ["0 3 31 2 *", "ServiceError: this time never comes; look at day and month"],
])("%j is refused", (expression, message) => expect(() => parseCron(expression, "UTC", noon)).toThrow(message.slice(14)))

test.each(["Mars/Base", "", "x".repeat(100), "../../etc"])("the time zone %j is refused", (zone) =>
  expect(() => parseCron("0 3 * * *", zone, noon)).toThrow("this time zone is not known; Asia/Shanghai is one"),
)
