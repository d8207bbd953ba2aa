import { expect, test } from "vitest"
import { Patience } from "./patience.ts"

const limited = { code: "rate_limited", message: "too many" } as const

test("a named time is kept to, up to six hours", () => {
  const patience = new Patience()
  expect(patience.next(1, { ...limited, retryAfterMs: 90_000 })).toBe(90_000)
  expect(patience.next(1, { ...limited, retryAfterMs: 86_400_000 })).toBe(21_600_000)
})

test("without one the waits double up to a quarter of an hour, each job by itself, and at some time it is enough", () => {
  const patience = new Patience({ unnamedMs: 1000, random: () => 0 })
  expect(Array.from({ length: 12 }, () => patience.next(1, limited))).toEqual([
    500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 450_000, 450_000,
  ])
  expect(patience.next(2, limited)).toBe(500)
  for (let i = 12; i < 24; i++) expect(patience.next(1, limited)).toBe(450_000)
  expect(patience.next(1, limited)).toBeUndefined()
  patience.forget(1)
  expect(patience.next(1, limited)).toBe(500)
})

test("a host that names a short time again and again is asked less and less often", () => {
  const patience = new Patience({ unnamedMs: 1000, random: () => 0 })
  expect(Array.from({ length: 6 }, () => patience.next(1, { ...limited, retryAfterMs: 700 }))).toEqual([
    700, 700, 700, 700, 1000, 2000,
  ])
})
