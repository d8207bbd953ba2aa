import type { Job, JobPage, QueueEvent } from "@entrepot/client"
import { type InfiniteData, QueryClient } from "@tanstack/react-query"
import { describe, expect, onTestFinished, test } from "vitest"
import { sampleJob } from "./job.fixture.ts"
import { QueueCache } from "./queue-cache.ts"

const changed = (job: Job): QueueEvent => ({ type: "job", revision: job.revision, job })
const listKey = (input: object, type: "infinite" | "query" = "infinite") => [["jobs", "list"], { input, type }]
const getKey = (id: number) => [["jobs", "get"], { input: { id }, type: "query" }]

function stage() {
  const queries = new QueryClient()
  onTestFinished(() => queries.clear())
  return { queries, cache: new QueueCache(queries) }
}

function shown(queries: QueryClient, input: object): (readonly (readonly [number, string])[])[] | undefined {
  const data = queries.getQueryData<InfiniteData<JobPage>>(listKey(input))
  return data?.pages.map(({ jobs }) => jobs.map(({ id, state }) => [id, state]))
}

const infinite = (...pages: readonly JobPage[]): InfiniteData<JobPage> => ({ pages: [...pages], pageParams: [undefined] })

describe("what changes", () => {
  test("changes in every list that asks for it, each by its own question", () => {
    const { queries, cache } = stage()
    const one = { jobs: [sampleJob({ id: 1 })], next: null }
    queries.setQueryData(listKey({ limit: 10 }), infinite(one))
    queries.setQueryData(listKey({ limit: 10, states: ["failed"] }), infinite({ jobs: [], next: null }))
    cache.apply([changed(sampleJob({ id: 1, state: "failed", revision: 5 })), changed(sampleJob({ id: 2, state: "queued" }))])
    expect(shown(queries, { limit: 10 })).toEqual([
      [
        [2, "queued"],
        [1, "failed"],
      ],
    ])
    expect(shown(queries, { limit: 10, states: ["failed"] })).toEqual([[[1, "failed"]]])
  })

  test("changes in a single page too, which stays as long as it was asked for", () => {
    const { queries, cache } = stage()
    queries.setQueryData(listKey({ limit: 2 }, "query"), { jobs: [sampleJob({ id: 3 }), sampleJob({ id: 2 })], next: 2 })
    queries.setQueryData(listKey({ limit: 2, before: 3 }, "query"), { jobs: [sampleJob({ id: 2 })], next: null })
    cache.apply([changed(sampleJob({ id: 4 }))])
    const page = queries.getQueryData<JobPage>(listKey({ limit: 2 }, "query"))
    expect([page?.jobs.map(({ id }) => id), page?.next]).toEqual([[4, 3], 3])
    expect(queries.getQueryData<JobPage>(listKey({ limit: 2, before: 3 }, "query"))?.jobs.map(({ id }) => id)).toEqual([2])
  })

  test("changes for whoever shows one job, but never back", () => {
    const { queries, cache } = stage()
    queries.setQueryData(getKey(1), sampleJob({ id: 1, revision: 5 }))
    cache.apply([changed(sampleJob({ id: 1, state: "running", revision: 4 }))])
    expect(queries.getQueryData<Job>(getKey(1))?.state).toBe("succeeded")
    cache.apply([changed(sampleJob({ id: 1, state: "running", revision: 6 }))])
    expect(queries.getQueryData<Job>(getKey(1))?.state).toBe("running")
    expect(queries.getQueryData(getKey(2))).toBeUndefined()
  })
})

test("an answer that was asked for before a change and comes after it is mended", async () => {
  const { queries, cache } = stage()
  onTestFinished(cache.mendAnswers())
  const ask = async () => {
    cache.apply([changed(sampleJob({ id: 1, state: "succeeded", revision: 9 })), { type: "removed", revision: 10, jobId: 2 }])
    return { jobs: [sampleJob({ id: 2 }), sampleJob({ id: 1, state: "running", revision: 8 })], next: null }
  }
  await queries.fetchInfiniteQuery({ queryKey: listKey({ limit: 10 }), queryFn: ask, initialPageParam: 0 })
  expect(shown(queries, { limit: 10 })).toEqual([[[1, "succeeded"]]])
})

describe("counts are asked for again", () => {
  const isStale = (queries: QueryClient, key: readonly unknown[]) => queries.getQueryState(key)?.isInvalidated
  const countsKey = [["jobs", "counts"], { type: "query" }]
  const summaryKey = (id: number) => [["jobs", "summary"], { input: { id }, type: "query" }]

  test("when a job has changed its state, and not when its bytes have", () => {
    const { queries, cache } = stage()
    queries.setQueryData(countsKey, {})
    cache.apply([changed(sampleJob({ id: 1, state: "running", revision: 1 }))])
    cache.refreshCounts()
    expect(isStale(queries, countsKey)).toBe(true)
    queries.setQueryData(countsKey, {})
    cache.apply([changed(sampleJob({ id: 1, state: "running", revision: 2 }))])
    cache.refreshCounts()
    expect(isStale(queries, countsKey)).toBe(false)
  })

  test("of the batch that has changed, and of no other", () => {
    const { queries, cache } = stage()
    queries.setQueryData(summaryKey(7), {})
    queries.setQueryData(summaryKey(8), {})
    cache.apply([changed(sampleJob({ id: 7, kind: "batch", state: "running" }))])
    cache.refreshCounts()
    expect([isStale(queries, summaryKey(7)), isStale(queries, summaryKey(8))]).toEqual([true, false])
  })

  test("and so is a job that is gone, for whoever still shows it", () => {
    const { queries, cache } = stage()
    queries.setQueryData(getKey(1), sampleJob({ id: 1 }))
    queries.setQueryData(getKey(2), sampleJob({ id: 2 }))
    cache.apply([{ type: "removed", revision: 9, jobId: 1 }])
    cache.refreshCounts()
    expect([isStale(queries, getKey(1)), isStale(queries, getKey(2))]).toEqual([true, false])
  })
})
