import { expect, test, vi } from "vitest"
import { latelyUsed } from "./lately-used.ts"

test("what was used last is kept, and no more than that", () => {
  const kept = latelyUsed<string, number>(3)
  for (const [at, key] of ["a", "b", "c"].entries()) kept.set(key, at)
  expect(kept.get("a")).toBe(0)
  kept.set("d", 3)
  expect([...kept.keys()].sort()).toEqual(["a", "c", "d"])
  kept.clear()
  for (let at = 0; at < 10; at++) kept.set(`${at}`, at)
  kept.delete("8")
  kept.set("10", 10)
  expect([...kept.entries()].sort()).toEqual([
    ["10", 10],
    ["7", 7],
    ["9", 9],
  ])
})

test("an entry is believed for as long as it was said", async () => {
  const kept = latelyUsed<number, true>(10, { ttl: 20, ttlResolution: 0 })
  kept.set(1, true)
  expect(kept.get(1)).toBe(true)
  await vi.waitFor(() => expect(kept.get(1)).toBeUndefined(), { timeout: 10_000 })
})

test("room for many takes none while they are few", () => {
  const before = process.memoryUsage()
  const kept = Array.from({ length: 50 }, () => latelyUsed<string, true>(200_000, { ttl: 1000 }))
  const after = process.memoryUsage()
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(10_000_000)
  expect(kept.every(({ size }) => size === 0)).toBe(true)
})
