import { parseRate } from "@entrepot/core/progress"
import { expect, test } from "vitest"
import { formatRate } from "./format-rate.ts"

test.each([
  ["20M", 20_000_000],
  ["1.5G", 1_500_000_000],
  ["512K", 512_000],
  ["512Ki", 512 * 1024],
  ["2Mi", 2 * 1024 ** 2],
  ["1Ki", 1024],
  ["1234567", 1_234_567],
])("%s is typed for %i bytes a second, and shown for it", (text, rate) => {
  expect(formatRate(rate)).toBe(text)
  expect(parseRate(text)).toBe(rate)
})
