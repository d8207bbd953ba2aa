import { expect, test } from "vitest"
import { sumPlans } from "./sum-plans.ts"
import type { RowPlan } from "./use-row-plans.ts"

test("sums what would move, and counts what is there", () => {
  const plans = new Map<string, RowPlan>([
    ["a", { state: "known", unchanged: false, totalBytes: 10 }],
    ["b", { state: "known", unchanged: true, totalBytes: 90 }],
    ["c", { state: "asking" }],
    ["d", { state: "failed", error: new Error("no") }],
    ["taken out", { state: "known", unchanged: false, totalBytes: 1_000 }],
  ])
  const rows = ["a", "b", "c", "d", "e", undefined].map((source) => ({ source }))
  expect(sumPlans(rows, plans)).toEqual({ asking: 1, known: 2, unchanged: 1, bytes: 10 })
})
