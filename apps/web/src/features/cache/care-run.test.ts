import { expect, test } from "vitest"
import { findingsOf, progressOf, runningOf, standingOf } from "./care-run.ts"

const run = {
  id: 1,
  kind: "scrub",
  by: "",
  startedAt: 0,
  endedAt: null,
  error: null,
  isRunning: true,
  findings: {},
  wrong: [],
} as const

test("a run goes on, is done, has failed, or was lost with its process", () => {
  expect(standingOf(run)).toBe("running")
  expect(standingOf({ ...run, isRunning: false, endedAt: 1 })).toBe("done")
  expect(standingOf({ ...run, isRunning: false, endedAt: 1, error: "disk full" })).toBe("failed")
  expect(standingOf({ ...run, isRunning: false })).toBe("lost")
})

test("the run of a kind that goes on is found among those that ended", () => {
  const ended = { ...run, id: 2, isRunning: false, endedAt: 1 }
  expect(runningOf([ended, run], "scrub")?.id).toBe(1)
  expect(runningOf([ended], "scrub")).toBeUndefined()
  expect(runningOf([run], "garbage")).toBeUndefined()
})

test("findings are told in their order; what was not found is left out, but for what one asks for", () => {
  expect(findingsOf({ kind: "garbage", findings: { bytes: 0, blobs: 0, uploads: 0, strays: 2, other: 4 } })).toEqual([
    { name: "blobs", value: 0, isTrouble: false },
    { name: "bytes", value: 0, isTrouble: false },
    { name: "strays", value: 2, isTrouble: false },
  ])
  expect(findingsOf({ kind: "scrub", findings: { checked: 5, wrong: 1, missing: 0 } })).toEqual([
    { name: "checked", value: 5, isTrouble: false },
    { name: "wrong", value: 1, isTrouble: true },
  ])
})

test("a scrub says how far it is, what was wrong included", () => {
  expect(progressOf({ kind: "scrub", findings: { checked: 5, blobs: 10, wrong: 1, missing: 1 } })).toEqual({ value: 7, max: 10 })
  expect(progressOf({ kind: "scrub", findings: { checked: 0, blobs: 0 } })).toBeUndefined()
  expect(progressOf({ kind: "garbage", findings: { blobs: 10 } })).toBeUndefined()
})
