import { expect, test } from "vitest"
import { clockOf, cronOfRhythm, readRhythm } from "./cron-rhythm.ts"

test.each([
  ["*/15 * * * *", { every: "minutes", count: 15 }],
  ["* * * * *", { every: "minutes", count: 1 }],
  ["5 * * * *", { every: "hours", count: 1, minute: 5 }],
  ["0 */6 * * *", { every: "hours", count: 6, minute: 0 }],
  ["0 3 * * *", { every: "day", hour: 3, minute: 0 }],
  ["30 22 * * 1,3", { every: "week", weekdays: [1, 3], hour: 22, minute: 30 }],
  ["0 4 15 * *", { every: "month", day: 15, hour: 4, minute: 0 }],
] as const)("%s is read, and written again", (cron, rhythm) => {
  expect(readRhythm(cron)).toEqual(rhythm)
  expect(cronOfRhythm(rhythm)).toBe(cron)
})

test.each([
  ["@daily", { every: "day", hour: 0, minute: 0 }],
  [" 0  3 * * * ", { every: "day", hour: 3, minute: 0 }],
  ["0 3 * * MON-FRI", { every: "week", weekdays: [1, 2, 3, 4, 5], hour: 3, minute: 0 }],
  ["0 3 * * 7", { every: "week", weekdays: [0], hour: 3, minute: 0 }],
  ["0 3 * * 5-7", { every: "week", weekdays: [0, 5, 6], hour: 3, minute: 0 }],
] as const)("%s is another way to write it", (cron, rhythm) => {
  expect(readRhythm(cron)).toEqual(rhythm)
})

test.each([
  "",
  "nonsense",
  "@yearly",
  "toString",
  "*/7 * * * *",
  "0 */5 * * *",
  "0,30 3 * * *",
  "0 3-5 * * *",
  "0 3 1 * 1",
  "0 3 L * *",
  "0 3 * 1 *",
  "0 3 * * 1#2",
  "60 3 * * *",
  "0 24 * * *",
  "0 3 * * 8",
  "0 3 * * 5-2",
])("%j is not put into words", (cron) => {
  expect(readRhythm(cron)).toBeUndefined()
})

test("a clock has two digits each", () => {
  expect(clockOf({ hour: 3, minute: 5 })).toBe("03:05")
})
