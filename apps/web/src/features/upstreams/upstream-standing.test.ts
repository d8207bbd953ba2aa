import type { Upstream } from "@entrepot/client"
import { expect, test } from "vitest"
import { isScarce, standingOf } from "./upstream-standing.ts"

type Health = NonNullable<Upstream["health"]>

const health: Health = {
  upstreamId: 1,
  host: "registry.example.com",
  circuit: "closed",
  retryAt: null,
  lastSuccessAt: 2_000,
  lastFailureAt: null,
  lastError: null,
  latencyMs: 40,
  pulls: null,
}

test.each<[Partial<Health>, ReturnType<typeof standingOf>]>([
  [{}, "works"],
  [{ lastFailureAt: 1_000 }, "works"],
  [{ lastFailureAt: 3_000 }, "failed"],
  [{ lastSuccessAt: null, lastFailureAt: 3_000 }, "failed"],
  [{ lastSuccessAt: null }, "unasked"],
  [{ circuit: "open", retryAt: 9_000, lastFailureAt: 3_000 }, "resting"],
  [{ circuit: "half-open", retryAt: 1_000, lastFailureAt: 3_000 }, "trying"],
])("an upstream of which %o is known: %s", (known, standing) => {
  expect(standingOf({ enabled: true, health: { ...health, ...known } })).toBe(standing)
})

test("one that nobody has asked says nothing, and one that is switched off is off, whatever was seen of it", () => {
  expect(standingOf({ enabled: true, health: null })).toBe("unasked")
  expect(standingOf({ enabled: false, health: { ...health, circuit: "open", retryAt: 9_000 } })).toBe("off")
})

test("less than a tenth of a budget is little", () => {
  expect(isScarce({ limit: 100, remaining: 10 })).toBe(false)
  expect(isScarce({ limit: 100, remaining: 9 })).toBe(true)
})
