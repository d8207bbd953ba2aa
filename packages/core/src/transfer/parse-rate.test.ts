import { expect, test } from "vitest"
import { parseRate } from "./parse-rate.ts"

test.each([
  ["20M", 20_000_000],
  ["20Mi", 20 * 1024 ** 2],
  ["1.5g", 1_500_000_000],
  [" 512 KB/s ", 512_000],
  ["1024", 1024],
])("%s is %d bytes a second", (text, rate) => {
  expect(parseRate(text)).toBe(rate)
})

test.each(["", "M", "-20M", "20T", "1023", "0.5K", "20M 20M", "1e9", "999999999999999G", `20M${" ".repeat(40)}`])(
  "%j is no rate",
  (text) => {
    expect(parseRate(text)).toBeUndefined()
  },
)
