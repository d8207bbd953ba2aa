import { expect, test } from "vitest"
import { sampleJob } from "./job.fixture.ts"
import { bytesOf, durationOf, shareOf } from "./job-amounts.ts"

const totals = { bytesSent: 70, bytesSkipped: 5, blobsSent: 2, blobsSkipped: 1, blobsMounted: 0, durationMs: 900 }
const progress = { bytesDone: 30, bytesTotal: 120, blobs: [] }

test("a job that ended tells what it sent and how long it took", () => {
  const ended = sampleJob({ id: 1, totals, startedAt: 1_000, endedAt: 4_500 })
  expect([bytesOf(ended), durationOf(ended, 99_000), shareOf(ended)]).toEqual([70, 3_500, undefined])
})

test("a running one tells how far it is", () => {
  const running = sampleJob({ id: 1, state: "running", progress, startedAt: 1_000, endedAt: null })
  expect([bytesOf(running), durationOf(running, 3_000), shareOf(running)]).toEqual([30, 2_000, 0.25])
  expect(durationOf(running, 500)).toBe(0)
  expect(shareOf({ ...running, progress: { ...progress, bytesTotal: 0 } })).toBeUndefined()
})

test("one that never began, or waits, tells nothing", () => {
  const queued = sampleJob({ id: 1, state: "queued", startedAt: null, endedAt: null })
  expect([bytesOf(queued), durationOf(queued, 3_000), shareOf(queued)]).toEqual([undefined, undefined, undefined])
  const waiting = sampleJob({ id: 1, state: "waiting", startedAt: 1_000, endedAt: null, progress })
  expect([bytesOf(waiting), durationOf(waiting, 3_000), shareOf(waiting)]).toEqual([undefined, undefined, undefined])
})
