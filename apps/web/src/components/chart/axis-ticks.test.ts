import { expect, test } from "vitest"
import { axisWidth, placesWithWords, valueTicks } from "./axis-ticks.ts"

test.each([
  [0, [0]],
  [Number.NaN, [0]],
  [1, [0, 0.5, 1]],
  [7, [0, 2, 4, 6, 8]],
  [38, [0, 10, 20, 30, 40]],
  [1_234_567, [0, 500_000, 1_000_000, 1_500_000]],
  [0.3, [0, 0.1, 0.2, 0.3]],
])("the axis of %d has round numbers, and ends above it", (most, ticks) => {
  expect(valueTicks(most, 4)).toEqual(ticks)
})

test("one and whole counts are not cut into halves by their axis", () => {
  expect(valueTicks(4, 4)).toEqual([0, 1, 2, 3, 4])
})

test("words stand as close as they fit", () => {
  expect(placesWithWords(30, 600, 60)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27])
  expect(placesWithWords(5, 600, 60)).toEqual([0, 1, 2, 3, 4])
  expect(placesWithWords(24, 40, 60)).toEqual([0])
  expect(placesWithWords(0, 600, 60)).toEqual([])
})

test("the axis has room for its longest word", () => {
  expect(axisWidth(["0", "60.0 GB"])).toBeGreaterThanOrEqual(7 * 6.5 + 8)
  expect(axisWidth(["20.0 MB/秒"])).toBeGreaterThan(axisWidth(["20.0 MB/s"]))
  expect(axisWidth([])).toBeGreaterThan(0)
})
