import { expect, test } from "vitest"
import { halfOf, periodOf, periods, statisticsPath, statisticsQuery } from "./period.ts"

test("an address names a period, or there are thirty days", () => {
  expect(periods.map(periodOf)).toEqual(periods)
  expect([null, "", "8d", "constructor"].map(periodOf)).toEqual(["30d", "30d", "30d", "30d"])
})

test("asking twice within an hour is one question", () => {
  const at = Date.UTC(2026, 10, 21, 6, 30)
  const query = statisticsQuery("24h", at, "Asia/Shanghai")
  expect(query).toEqual({ since: Date.UTC(2026, 10, 20, 7), step: "hour", timeZone: "Asia/Shanghai" })
  expect(statisticsQuery("24h", at + 29 * 60_000, "Asia/Shanghai")).toEqual(query)
  expect(statisticsQuery("24h", at + 31 * 60_000, "Asia/Shanghai")).not.toEqual(query)
})

test("a year is asked in days", () => {
  expect(statisticsQuery("365d", Date.UTC(2026, 10, 21), "UTC")).toMatchObject({ step: "day" })
})

test("an address names a half, or it is what was mirrored", () => {
  expect(["served", "mirrored", null, "both"].map(halfOf)).toEqual(["served", "mirrored", "mirrored", "mirrored"])
  expect(statisticsPath("served", "7d")).toBe("/statistics?of=served&period=7d")
})
