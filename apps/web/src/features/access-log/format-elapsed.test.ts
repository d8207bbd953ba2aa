import { expect, test } from "vitest"
import { formatElapsed } from "./format-elapsed.ts"

test("an answer's time is told in the unit that it is read in", () => {
  expect([0, 0.4, 12, 999, 1_000, 1_440, 12_300, 65_000].map(formatElapsed)).toEqual([
    ...["0 ms", "0 ms", "12 ms", "999 ms", "1.0 s", "1.4 s", "12 s", "1:05"],
  ])
})
