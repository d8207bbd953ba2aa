import { expect, test } from "vitest"
import { formatDuration } from "./format-duration.ts"

test.each([
  [0, "0.0s"],
  [20, "<0.1s"],
  [440, "0.4s"],
  [7_000, "7s"],
  [59_600, "1:00"],
  [65_000, "1:05"],
  [7_389_000, "2:03:09"],
])("%d ms read %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text)
})
