import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type MakeStorage, newJob, type TestStorage } from "../database.fixture.ts"
import type { JobQuery, JobStore, NewJob } from "../stores.ts"

const hourMs = 3_600_000

/** How every dialect's job store looks through its history. */
export function historyStoreContract(makeStorage: MakeStorage): void {
  describe("the history", () => {
    let storage: TestStorage
    let jobs: JobStore

    beforeEach(async () => {
      storage = await makeStorage()
      jobs = (await storage.open()).jobs
    })
    afterEach(async () => {
      await storage[Symbol.asyncDispose]()
    })

    const find = async (query: Partial<JobQuery> = {}) =>
      (await jobs.list({ visibility: "all", limit: 50, ...query })).jobs.map(({ id }) => id)

    test("comes newest first, in pages that neither repeat nor leave out", async () => {
      await jobs.create(
        Array.from({ length: 7 }, () => newJob()),
        1,
      )
      const first = await jobs.list({ visibility: "all", limit: 3 })
      expect(first.jobs.map(({ id }) => id)).toEqual([7, 6, 5])
      await jobs.create([newJob()], 2)
      const second = await jobs.list({ visibility: "all", limit: 3, before: first.next ?? 0 })
      expect(second.jobs.map(({ id }) => id)).toEqual([4, 3, 2])
      expect(await jobs.list({ visibility: "all", limit: 3, before: second.next ?? 0 })).toMatchObject({
        jobs: [{ id: 1 }],
        next: null,
      })
      expect(await jobs.list({ visibility: "all", limit: 3, before: 1 })).toEqual({ jobs: [], next: null })
    })

    test("a page has 1 to 200 jobs", async () => {
      await jobs.create(
        Array.from({ length: 205 }, () => newJob()),
        1,
      )
      expect(await find({ limit: 0 })).toHaveLength(1)
      expect(await find({ limit: 1_000 })).toHaveLength(200)
    })

    test("S13: a reader sees the jobs of one owner, or all", async () => {
      await jobs.create([newJob({ ownerId: 1 }), newJob({ ownerId: 2 })], 1)
      expect(await find({ visibility: { ownerId: 2 } })).toEqual([2])
      expect(await find({ visibility: { ownerId: 2 }, search: "nginx" })).toEqual([2])
      expect(await find({ visibility: { ownerId: 3 }, search: "nginx" })).toEqual([])
      expect(await find()).toEqual([2, 1])
    })

    test("shows top-level jobs, the children of one batch, or both", async () => {
      await jobs.create([newJob()], 1)
      const { batch } = await jobs.createBatch({ ownerId: 1, priority: 0, title: "two", children: [newJob(), newJob()] }, 1)
      expect(await find()).toEqual([2, 1])
      expect(await find({ parentId: batch.id })).toEqual([4, 3])
      expect(await find({ everywhere: true })).toEqual([4, 3, 2, 1])
      expect(await find({ everywhere: true, kind: "mirror", limit: 2 })).toEqual([4, 3])
      expect(await find({ everywhere: true, kind: "mirror", before: 3 })).toEqual([1])
      expect(await find({ kind: "batch" })).toEqual([2])
      expect(await find({ kind: "batch", states: ["queued"], search: "tw", visibility: { ownerId: 1 } })).toEqual([2])
      expect(await find({ kind: "batch", states: ["failed"] })).toEqual([])
      expect(await find({ kind: "batch", host: "docker.io" })).toEqual([])
    })

    test("tells the registries of its jobs, most used first, those of files and batches left out", async () => {
      const many = (count: number, changes: Partial<NewJob>) => Array.from({ length: count }, () => newJob(changes))
      await jobs.create(
        [
          ...many(2, { sourceHost: "quay.io" }),
          ...many(1, { sourceHost: "", targetHost: "quay.io" }),
          ...many(3, { ownerId: 2, targetHost: "hub.example.com:5000" }),
        ],
        1,
      )
      await jobs.createBatch({ ownerId: 2, priority: 0, title: "one", children: many(1, { ownerId: 2 }) }, 1)
      expect(await jobs.hosts("all")).toEqual([
        { host: "docker.io", side: "source", jobs: 4 },
        { host: "harbor.example.com", side: "target", jobs: 3 },
        { host: "hub.example.com:5000", side: "target", jobs: 3 },
        { host: "quay.io", side: "source", jobs: 2 },
        { host: "quay.io", side: "target", jobs: 1 },
      ])
      await jobs.cancel(1, 2)
      expect(await jobs.hosts({ ownerId: 1 })).toEqual([
        { host: "harbor.example.com", side: "target", jobs: 2 },
        { host: "quay.io", side: "source", jobs: 2 },
        { host: "quay.io", side: "target", jobs: 1 },
      ])
      expect(await jobs.hosts({ ownerId: 3 })).toEqual([])
    })

    test("tells no more than a hundred registries", async () => {
      await jobs.create(
        Array.from({ length: 130 }, (_, index) => newJob({ sourceHost: `r${index}.example.com` })),
        1,
      )
      const hosts = await jobs.hosts("all")
      expect(hosts).toHaveLength(100)
      expect(hosts[0]).toEqual({ host: "harbor.example.com", side: "target", jobs: 130 })
    })

    test("is filtered by state, host and time, all of which hold together", async () => {
      await jobs.create([newJob({ sourceHost: "quay.io" })], 1 * hourMs)
      await jobs.create([newJob({ targetHost: "quay.io" }), newJob({ sourceHost: "quay.io", targetHost: "quay.io" })], 2 * hourMs)
      await jobs.create([newJob()], 3 * hourMs)
      await jobs.cancel(2, 4 * hourMs)
      await jobs.claim({ runnerId: "one", now: 4 * hourMs })
      expect(await find({ states: ["cancelled"] })).toEqual([2])
      expect(await find({ states: ["running", "cancelled", "cancelled"] })).toEqual([2, 1])
      expect(await find({ states: [] })).toEqual([])
      expect(await find({ host: "quay.io" })).toEqual([3, 2, 1])
      expect(await find({ host: "quay.io", states: ["queued", "running"] })).toEqual([3, 1])
      expect(await find({ host: "quay" })).toEqual([])
      expect(await find({ since: 2 * hourMs })).toEqual([4, 3, 2])
      expect(await find({ until: 2 * hourMs })).toEqual([1])
      expect(await find({ since: 2 * hourMs, until: 3 * hourMs, host: "quay.io", states: ["queued"] })).toEqual([3])
      expect(await find({ since: 5 * hourMs })).toEqual([])
      expect(await find({ until: hourMs })).toEqual([])
      expect(await find({ since: 2 * hourMs, search: "nginx" })).toEqual([4, 3, 2])
    })

    test("merged scans give the same pages as one", async () => {
      await jobs.create(
        Array.from({ length: 9 }, (_, index) => newJob({ ownerId: index % 2 })),
        1,
      )
      for (const id of [2, 5, 8]) await jobs.cancel(id, 2)
      const pages: number[][] = []
      for (let before: number | null | undefined; before !== null; ) {
        const query = { visibility: "all", limit: 2, states: ["queued", "cancelled"] } as const
        const page = await jobs.list(before === undefined ? query : { ...query, before })
        pages.push(page.jobs.map(({ id }) => id))
        before = page.next
      }
      expect(pages).toEqual([[9, 8], [7, 6], [5, 4], [3, 2], [1]])
    })

    test("time ranges are right whatever the clocks were set to", async () => {
      await jobs.create([newJob()], 10 * hourMs)
      await jobs.create([newJob()], 2 * hourMs)
      await jobs.create([newJob()], 10 * hourMs + 1)
      await jobs.create([newJob()], 1 * hourMs)
      expect(await find({ since: 10 * hourMs })).toEqual([3, 1])
      expect(await find({ until: 10 * hourMs })).toEqual([4, 2])
      expect(await find({ since: 2 * hourMs, until: 10 * hourMs + 1 })).toEqual([2, 1])
    })

    test("is searched for a part of the source or target, any case", async () => {
      await jobs.create(
        [
          newJob({ source: "Redis:7", target: "harbor/redis:7" }),
          newJob({ source: "ghcr.io/team/app:1", target: "harbor/100%_app:1" }),
          newJob({ source: "nginx:1", target: 'harbor/"quoted"' }),
        ],
        1,
      )
      expect(await find({ search: "REDIS" })).toEqual([1])
      expect(await find({ search: "team/app" })).toEqual([2])
      expect(await find({ search: "harbor/" })).toEqual([3, 2, 1])
      expect(await find({ search: "100%_a" })).toEqual([2])
      expect(await find({ search: "1__%app" })).toEqual([])
      expect(await find({ search: '"quoted"' })).toEqual([3])
      expect(await find({ search: "re" })).toEqual([1])
      expect(await find({ search: "%" })).toEqual([2])
      expect(await find({ search: "_" })).toEqual([2])
      expect(await find({ search: "zz" })).toEqual([])
      expect(await find({ search: "" })).toEqual([3, 2, 1])
      expect(await find({ search: "x".repeat(100_000) })).toEqual([])
      expect(await find({ search: "harbor", states: ["queued"], limit: 2 })).toEqual([3, 2])
      await jobs.cancel(1, 2)
      await jobs.remove(1, 3)
      expect(await find({ search: "redis" })).toEqual([])
    })

    test("a job that was taken out is not found again, and its number is not given out anew", async () => {
      await jobs.create([newJob()], 1)
      expect(await jobs.remove(1, 2)).toBe(false)
      await jobs.cancel(1, 2)
      expect(await jobs.remove(1, 3)).toBe(true)
      expect(await jobs.remove(1, 4)).toBe(false)
      expect(await jobs.get(1)).toBeUndefined()
      const [next] = await jobs.create([newJob()], 5)
      expect(next?.id).toBe(2)
    })
  })
}
