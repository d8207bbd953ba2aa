import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type MakeStorage, newJob, type TestStorage } from "../database.fixture.ts"
import type { JobResult, JobStore } from "../stores.ts"

const totals = { bytesSent: 10, bytesSkipped: 1, blobsSent: 2, blobsSkipped: 3, blobsMounted: 4, durationMs: 5 }
const none = { queued: 0, waiting: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 }

/** What every dialect's job store does with batches. */
export function batchStoreContract(makeStorage: MakeStorage): void {
  describe("batches", () => {
    let storage: TestStorage
    let jobs: JobStore

    beforeEach(async () => {
      storage = await makeStorage()
      jobs = (await storage.open()).jobs
    })
    afterEach(async () => {
      await storage[Symbol.asyncDispose]()
    })

    const createBatch = (children: number) =>
      jobs.createBatch(
        { ownerId: 1, priority: 0, title: "images", children: Array.from({ length: children }, () => newJob()) },
        1,
      )
    const claim = async (now = 2) => {
      const claimed = await jobs.claim({ runnerId: "one", now })
      if (!claimed) throw new Error("nothing to claim")
      return claimed
    }
    const end = async (state: JobResult["state"], changes: Partial<JobResult> = {}) =>
      jobs.finish(await claim(), { at: 9, state, events: [], totals, ...changes })
    const states = async (id: number) =>
      (await jobs.events(id, 0, 100)).flatMap(({ event }) => (event.type === "state" ? [`${event.state} ${event.attempt}`] : []))

    test("a batch is made with its children, in their order", async () => {
      const { batch, children } = await createBatch(250)
      expect(batch).toMatchObject({
        kind: "batch",
        source: "images",
        target: "",
        state: "queued",
        parentId: null,
        lastSequence: 1,
      })
      expect(children.map(({ id }) => id)).toEqual(Array.from({ length: 250 }, (_, index) => batch.id + 1 + index))
      expect(new Set(children.map(({ parentId }) => parentId))).toEqual(new Set([batch.id]))
      expect(new Set([batch, ...children].map(({ revision }) => revision)).size).toBe(251)
      expect(await jobs.summary(batch.id)).toEqual({ ...none, queued: 250 })
      await expect(jobs.createBatch({ ownerId: 1, priority: 0, title: "none", children: [] }, 1)).rejects.toThrow(
        "a batch without children would never end",
      )
    })

    test("it runs with its first child and has succeeded with its last, and its totals are theirs", async () => {
      const { batch } = await createBatch(2)
      const first = await claim(5)
      expect(await jobs.get(batch.id)).toMatchObject({ state: "running", startedAt: 5, attempts: 1 })
      await jobs.finish(first, { at: 6, state: "succeeded", events: [], totals, unchanged: true })
      expect(await jobs.get(batch.id)).toMatchObject({ state: "running", endedAt: null })
      await end("succeeded", { at: 9, unchanged: true })
      expect(await jobs.get(batch.id)).toMatchObject({
        state: "succeeded",
        endedAt: 9,
        unchanged: true,
        totals: { bytesSent: 20, bytesSkipped: 2, blobsSent: 4, blobsSkipped: 6, blobsMounted: 8, durationMs: 10 },
      })
      expect(await states(batch.id)).toEqual(["queued 0", "running 1", "succeeded 1"])
    })

    test("it has failed when one of its children did not succeed", async () => {
      const { batch } = await createBatch(2)
      await end("failed")
      await end("succeeded")
      expect(await jobs.get(batch.id)).toMatchObject({ state: "failed", unchanged: false })
    })

    test("cancelling it ends the idle children, flags those under way, and it ends with them", async () => {
      const { batch } = await createBatch(3)
      const running = await claim()
      const revision = await jobs.revision()
      expect(await jobs.cancel(batch.id, 3)).toBe(true)
      expect(await jobs.get(batch.id)).toMatchObject({ state: "running", cancelRequested: true })
      expect(await jobs.summary(batch.id)).toEqual({ ...none, running: 1, cancelled: 2 })
      expect(await jobs.cancellations("one")).toEqual([running.jobId])
      expect(await jobs.revision()).toBeGreaterThan(revision)
      await jobs.finish(running, { at: 4, state: "cancelled", events: [] })
      expect(await jobs.get(batch.id)).toMatchObject({ state: "cancelled", endedAt: 4, totals: null })
      expect(await jobs.cancel(batch.id, 5)).toBe(false)
    })

    test("a cancelled batch whose children all came through has succeeded all the same", async () => {
      const { batch } = await createBatch(1)
      const running = await claim()
      await jobs.cancel(batch.id, 3)
      await jobs.finish(running, { at: 4, state: "succeeded", events: [], totals })
      expect((await jobs.get(batch.id))?.state).toBe("succeeded")
    })

    test("a queued batch that is cancelled has never run", async () => {
      const { batch } = await createBatch(201)
      await jobs.cancel(batch.id, 3)
      expect(await jobs.summary(batch.id)).toEqual({ ...none, cancelled: 201 })
      expect(await states(batch.id)).toEqual(["queued 0", "cancelled 0"])
    })

    test("a retry takes the children that did not succeed", async () => {
      const { batch, children } = await createBatch(3)
      await end("succeeded")
      await end("failed")
      await end("cancelled")
      expect((await jobs.get(batch.id))?.state).toBe("failed")
      expect(await jobs.retry(batch.id, 10)).toBe(true)
      expect(await jobs.summary(batch.id)).toEqual({ ...none, queued: 2, succeeded: 1 })
      expect(await jobs.get(batch.id)).toMatchObject({ state: "queued", startedAt: null, endedAt: null, totals: null })
      await end("succeeded")
      await end("succeeded")
      expect(await jobs.get(batch.id)).toMatchObject({ state: "succeeded", attempts: 2 })
      expect(await jobs.retry(batch.id, 11)).toBe(false)
      expect((await jobs.get(children[0]?.id ?? 0))?.attempts).toBe(1)
      expect(await states(batch.id)).toEqual(["queued 0", "running 1", "failed 1", "queued 1", "running 2", "succeeded 2"])
    })

    test("a retried child opens its batch again, also a cancelled one", async () => {
      const { batch, children } = await createBatch(2)
      await jobs.cancel(batch.id, 2)
      const [first] = children
      expect(await jobs.retry(first?.id ?? 0, 3)).toBe(true)
      expect(await jobs.get(batch.id)).toMatchObject({ state: "queued", cancelRequested: false })
      await end("failed")
      expect((await jobs.get(batch.id))?.state).toBe("failed")
    })

    test("children that wait are woken by a retry of their batch, with other credentials", async () => {
      const { batch } = await createBatch(1)
      await jobs.wait(await claim(), "credentials", null, { at: 3, events: [] })
      expect((await jobs.get(batch.id))?.state).toBe("running")
      expect(await jobs.retry(batch.id, 4, { sides: ["target"], holder: "one" })).toBe(true)
      expect((await claim()).job.credentialSides).toEqual(["target"])
    })

    test("fault 33: a batch goes on when the process of its children is gone", async () => {
      const { batch } = await createBatch(2)
      await claim()
      await jobs.bury("one", 3)
      expect(await jobs.get(batch.id)).toMatchObject({ state: "running" })
      expect(await jobs.summary(batch.id)).toEqual({ ...none, queued: 2 })
      await end("succeeded")
      await end("succeeded")
      expect((await jobs.get(batch.id))?.state).toBe("succeeded")
    })

    test("it is removed with its children and their events", async () => {
      const { batch, children } = await createBatch(250)
      expect(await jobs.remove(batch.id, 2)).toBe(false)
      await jobs.cancel(batch.id, 3)
      expect(await jobs.remove(batch.id, 4)).toBe(true)
      expect(await jobs.list({ visibility: "all", limit: 10, everywhere: true })).toEqual({ jobs: [], next: null })
      expect(await jobs.events(children[0]?.id ?? 0, 0, 10)).toEqual([])
      expect(await jobs.counts("all")).toEqual(none)
      const gone = await jobs.changes("all", 0, 1_000)
      expect(gone.map(({ jobId }) => jobId).sort((one, other) => one - other)).toEqual([
        batch.id,
        ...children.map(({ id }) => id),
      ])
      expect(gone.every(({ job }) => job === null)).toBe(true)
    })

    test("a batch shows that its summary has changed by its revision", async () => {
      const { batch, children } = await createBatch(2)
      await end("succeeded")
      const before = await jobs.revision()
      await jobs.remove(children[0]?.id ?? 0, 10)
      expect((await jobs.changes("all", before, 10)).map(({ jobId, job }) => [jobId, job?.id])).toEqual([
        [children[0]?.id, undefined],
        [batch.id, batch.id],
      ])
    })
  })
}
