import { expect, test } from "vitest"
import { hitRate, savedBytes } from "./served-rates.ts"

test("a hit rate is of what was asked for; where nothing was, there is none", () => {
  expect(hitRate({ hits: 3, misses: 1 })).toBe(0.75)
  expect(hitRate({ hits: 0, misses: 2 })).toBe(0)
  expect(hitRate({ hits: 0, misses: 0 })).toBeNull()
})

test("saved is what was sent beyond what was fetched, and never less than nothing", () => {
  expect(savedBytes({ bytesSent: 900, bytesFetched: 400 })).toBe(500)
  expect(savedBytes({ bytesSent: 400, bytesFetched: 900 })).toBe(0)
})
