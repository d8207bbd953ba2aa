import { expect, test } from "vitest"
import { formatDay, formatTime } from "./format-time.ts"

test("times are local, and look like those of the seed", () => {
  const at = new Date(2024, 0, 5, 4, 3, 2).getTime()
  expect(formatTime(at)).toBe("2024-01-05 04:03:02")
  expect(formatDay(at)).toBe("2024-01-05")
})
