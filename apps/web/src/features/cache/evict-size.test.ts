import { expect, test } from "vitest"
import { bytesOf, evictionOf } from "./evict-size.ts"

test("sizes are typed in units of thousands", () => {
  expect(bytesOf("1.5", "GB")).toBe(1_500_000_000)
  expect(bytesOf(" 2,25 ", "MB")).toBe(2_250_000)
  expect(bytesOf("0", "TB")).toBe(0)
  for (const text of ["", "-1", "1e3", "a", "1.2345", "."]) expect(bytesOf(text, "GB")).toBeUndefined()
})

test("an eviction takes what is too much, and leaves hosted images alone", () => {
  const usage = { bytes: 100, hostedBytes: 60 }
  expect(evictionOf(usage, 80)).toEqual({ removes: 20, falls: "there" })
  expect(evictionOf(usage, 100)).toEqual({ removes: 0, falls: "nothing" })
  expect(evictionOf(usage, 10)).toEqual({ removes: 40, falls: "short" })
})
