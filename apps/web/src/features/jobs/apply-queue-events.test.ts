import type { Job, JobPage, QueueEvent } from "@entrepot/client"
import { describe, expect, test } from "vitest"
import { applyQueueEvents } from "./apply-queue-events.ts"
import { sampleJob } from "./job.fixture.ts"

const changed = (job: Job): QueueEvent => ({ type: "job", revision: job.revision, job })
const removed = (jobId: number, revision = 100): QueueEvent => ({ type: "removed", revision, jobId })
const page = (next: number | null, ...ids: readonly number[]): JobPage => ({ jobs: ids.map((id) => sampleJob({ id })), next })
const numbers = (pages: readonly JobPage[]) => pages.map(({ jobs }) => jobs.map(({ id }) => id))

const pages = [page(8, 10, 9, 8), page(4, 6, 5, 4)]

describe("a job that is shown", () => {
  test("is replaced where it stands, and other pages stay the same objects", () => {
    const after = applyQueueEvents(pages, {}, [changed(sampleJob({ id: 5, state: "running", revision: 2 }))])
    expect(numbers(after)).toEqual([
      [10, 9, 8],
      [6, 5, 4],
    ])
    expect(after[1]?.jobs[1]?.state).toBe("running")
    expect(after[0]).toBe(pages[0])
    expect(after[1]?.jobs[0]).toBe(pages[1]?.jobs[0])
  })

  test("stays as it is when the change is older than what is known", () => {
    const known = [{ jobs: [sampleJob({ id: 3, revision: 7 })], next: null }]
    const old = sampleJob({ id: 3, revision: 6, state: "running" })
    expect(applyQueueEvents(known, {}, [changed(old), changed({ ...old, revision: 7 }), removed(3, 7)])).toBe(known)
  })

  test("goes when it was removed", () => {
    expect(numbers(applyQueueEvents(pages, {}, [removed(8), removed(6), removed(7)]))).toEqual([
      [10, 9],
      [5, 4],
    ])
  })

  test("goes when it is no longer asked for", () => {
    const running = sampleJob({ id: 9, state: "running", revision: 2 })
    expect(numbers(applyQueueEvents(pages, { states: ["succeeded"] }, [changed(running)]))).toEqual([
      [10, 8],
      [6, 5, 4],
    ])
  })
})

describe("a job that is not shown", () => {
  test("stands first when it is the newest", () => {
    expect(numbers(applyQueueEvents(pages, {}, [changed(sampleJob({ id: 11 })), changed(sampleJob({ id: 12 }))]))).toEqual([
      [12, 11, 10, 9, 8],
      [6, 5, 4],
    ])
  })

  test("stands where its number belongs when it is older", () => {
    expect(numbers(applyQueueEvents(pages, {}, [changed(sampleJob({ id: 7 }))]))).toEqual([
      [10, 9, 8],
      [7, 6, 5, 4],
    ])
    expect(numbers(applyQueueEvents([page(2, 5, 3)], {}, [changed(sampleJob({ id: 2 }))]))).toEqual([[5, 3, 2]])
  })

  test("is left to the page that has not been asked for", () => {
    expect(applyQueueEvents(pages, {}, [changed(sampleJob({ id: 3 }))])).toBe(pages)
  })

  test("stands last where there are no more pages", () => {
    expect(numbers(applyQueueEvents([page(null, 5)], {}, [changed(sampleJob({ id: 3 }))]))).toEqual([[5, 3]])
    expect(numbers(applyQueueEvents([page(null)], {}, [changed(sampleJob({ id: 3 }))]))).toEqual([[3]])
  })

  test("is left out when it is not asked for", () => {
    expect(applyQueueEvents(pages, { states: ["failed"] }, [changed(sampleJob({ id: 11 }))])).toBe(pages)
    expect(applyQueueEvents(pages, {}, [changed(sampleJob({ id: 11, parentId: 10 }))])).toBe(pages)
  })
})

test("of several changes of a job the last one holds, and it stands there once", () => {
  const states = ["queued", "running", "succeeded"] as const
  const events = states.map((state, index) => changed(sampleJob({ id: 11, state, revision: index + 1 })))
  const after = applyQueueEvents(pages, {}, [...events, ...events])
  expect(after[0]?.jobs.map(({ id, state }) => [id, state])).toEqual([
    [11, "succeeded"],
    [10, "succeeded"],
    [9, "succeeded"],
    [8, "succeeded"],
  ])
})

test("without pages there is nothing to keep", () => {
  expect(applyQueueEvents([], {}, [changed(sampleJob({ id: 1 }))])).toEqual([])
})

test("cursors stay when the job that they were taken from has gone", () => {
  const after = applyQueueEvents(pages, {}, [removed(8), removed(4)])
  expect(after.map(({ next }) => next)).toEqual([8, 4])
  expect(numbers(applyQueueEvents(after, {}, [changed(sampleJob({ id: 4, revision: 200 }))]))).toEqual([
    [10, 9],
    [6, 5, 4],
  ])
})
