import { expect, test } from "vitest"
import { interruption } from "./interruption.ts"

test("the first signal aborts and tells, a second ends at once, and the same one passed on twice is one", () => {
  const exits: number[] = []
  const told: string[] = []
  let now = 1000
  const stop = interruption(
    (code) => exits.push(code),
    () => now,
  )
  stop.onInterrupt(() => told.push("stopping"))
  try {
    process.emit("SIGINT")
    expect(stop.signal.aborted).toBe(true)
    expect([told, exits]).toEqual([["stopping"], []])
    now += 100
    process.emit("SIGINT")
    expect(exits).toEqual([])
    now += 1000
    process.emit("SIGTERM")
    expect([told, exits]).toEqual([["stopping"], [130]])
  } finally {
    stop.dispose()
  }
  expect(process.listenerCount("SIGTERM")).toBe(0)
})
