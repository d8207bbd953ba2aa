import { expect, test } from "vitest"
import { endedJobs, successRate } from "./success-rate.ts"

test("what was there already is a success, and what was cancelled is no failure", () => {
  const tally = { succeeded: 6, unchanged: 3, failed: 1, cancelled: 5 }
  expect(successRate(tally)).toBe(0.9)
  expect(endedJobs(tally)).toBe(15)
})

test("of nothing there is no share", () => {
  expect(successRate({ succeeded: 0, unchanged: 0, failed: 0 })).toBeNull()
})
