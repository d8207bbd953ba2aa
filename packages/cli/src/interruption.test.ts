import { expect, test } from "vitest"
import { interruption } from "./interruption.ts"

test("the first signal aborts and tells, the second ends at once", () => {
  const exits: number[] = []
  const told: string[] = []
  const stop = interruption((code) => exits.push(code))
  stop.onInterrupt(() => told.push("stopping"))
  try {
    process.emit("SIGINT")
    expect(stop.signal.aborted).toBe(true)
    expect([told, exits]).toEqual([["stopping"], []])
    process.emit("SIGTERM")
    expect([told, exits]).toEqual([["stopping"], [130]])
  } finally {
    stop.dispose()
  }
  expect(process.listenerCount("SIGTERM")).toBe(0)
})
