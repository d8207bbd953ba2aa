import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type MakeStorage, newJob, type TestStorage } from "../database.fixture.ts"
import type { Database, Job, JobEvent, JobStore, NewJob } from "../stores.ts"

const totals = { bytesSent: 10, bytesSkipped: 1, blobsSent: 2, blobsSkipped: 3, blobsMounted: 4, durationMs: 5 }
const failure = { code: "network", message: "connection refused", side: "target", host: "harbor.example.com" } as const
const log = (message: string): JobEvent => ({ type: "log", level: "info", message })

/** What every dialect's job store does. */
export function jobStoreContract(makeStorage: MakeStorage): void {
  describe("jobs", () => {
    let storage: TestStorage
    let database: Database
    let jobs: JobStore

    beforeEach(async () => {
      storage = await makeStorage()
      database = await storage.open()
      jobs = database.jobs
    })
    afterEach(async () => {
      await storage[Symbol.asyncDispose]()
    })

    const create = async (changes: Partial<NewJob> = {}, at = 1_000): Promise<Job> => {
      const [job] = await jobs.create([newJob(changes)], at)
      if (!job) throw new Error("no job")
      return job
    }
    const claim = async (runnerId = "one", now = 2_000) => {
      const claimed = await jobs.claim({ runnerId, now })
      if (!claimed) throw new Error("nothing to claim")
      return claimed
    }
    const succeed = async (at = 3_000) => jobs.finish(await claim(), { at, state: "succeeded", events: [], totals })
    const told = async (id: number) => (await jobs.events(id, 0, 1_000)).map(({ event }) => event)

    test("a new job is queued, and its first event says so", async () => {
      const job = await create({ priority: 3, targetId: 7, credentialSides: ["target"], credentialsHolder: "one" })
      expect(job).toEqual({
        ...newJob(),
        priority: 3,
        targetId: 7,
        credentialSides: ["target"],
        id: 1,
        kind: "mirror",
        parentId: null,
        runner: "server",
        state: "queued",
        waitReason: null,
        waitUntil: null,
        stage: null,
        attempts: 0,
        cancelRequested: false,
        digest: null,
        unchanged: false,
        failure: null,
        totals: null,
        progress: null,
        revision: 1,
        lastSequence: 1,
        createdAt: 1_000,
        startedAt: null,
        endedAt: null,
      })
      expect(await jobs.get(job.id)).toEqual(job)
      expect(await jobs.events(job.id, 0, 10)).toEqual([
        { sequence: 1, at: 1_000, event: { type: "state", state: "queued", attempt: 0 } },
      ])
      expect(await jobs.get(2)).toBeUndefined()
      expect(await jobs.create([], 1)).toEqual([])
    })

    test("a run goes from claim to end, with its events in one sequence without gaps", async () => {
      const { id } = await create()
      const lease = await claim()
      expect(lease.job).toMatchObject({ id, state: "running", attempts: 1, startedAt: 2_000, lastSequence: 2 })
      const progress = { bytesDone: 1, bytesTotal: 2, blobs: [] }
      expect(await jobs.record(lease, { at: 2_100, events: [log("a"), log("b")], stage: "copy", progress })).toBe(true)
      expect(await jobs.record(lease, { at: 2_200, events: [] })).toBe(true)
      expect(await jobs.get(id)).toMatchObject({ stage: "copy", progress, lastSequence: 4 })
      const digest = `sha256:${"0".repeat(64)}`
      expect(await jobs.finish(lease, { at: 2_300, state: "failed", events: [log("c")], digest, failure, totals })).toBe(true)
      expect(await jobs.get(id)).toMatchObject({
        state: "failed",
        digest,
        failure,
        totals,
        endedAt: 2_300,
        progress: null,
        lastSequence: 6,
      })
      expect((await jobs.events(id, 0, 100)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6])
      expect((await jobs.events(id, 3, 2)).map(({ event }) => event)).toEqual([log("b"), log("c")])
      expect((await told(id)).at(-1)).toEqual({ type: "state", state: "failed", attempt: 1 })
    })

    test("fault 33: once a job is somebody else's, the old lease changes nothing", async () => {
      const { id } = await create()
      const old = await claim("one")
      await jobs.bury("one", 2_500)
      const current = await claim("two", 2_600)
      expect(current.fence).toBeGreaterThan(old.fence)
      const before = await jobs.get(id)
      expect(await jobs.record(old, { at: 3_000, events: [log("late")] })).toBe(false)
      expect(await jobs.finish(old, { at: 3_000, state: "succeeded", events: [] })).toBe(false)
      expect(await jobs.wait(old, "rate_limit", 9_000, { at: 3_000, events: [] })).toBe(false)
      expect(await jobs.release(old, 3_000)).toBe(false)
      expect(await jobs.get(id)).toEqual(before)
      expect(await jobs.finish(current, { at: 3_100, state: "succeeded", events: [] })).toBe(true)
      expect(await jobs.finish(current, { at: 3_200, state: "failed", events: [] })).toBe(false)
    })

    test("owners take turns: fewest running, then priority, then who was served longest ago, then the oldest", async () => {
      const owners = async (count: number) => {
        const order: number[] = []
        for (let index = 0; index < count; index++) order.push((await claim()).job.ownerId)
        return order
      }
      await jobs.create([newJob({ ownerId: 1 }), newJob({ ownerId: 1 }), newJob({ ownerId: 1 })], 1)
      await jobs.create([newJob({ ownerId: 2 }), newJob({ ownerId: 2 }), newJob({ ownerId: 3, priority: 5 })], 2)
      expect(await owners(6)).toEqual([3, 1, 2, 1, 2, 1])

      for (const { id } of (await jobs.list({ visibility: "all", limit: 10 })).jobs) await jobs.cancel(id, 3)
      await jobs.bury("one", 3)
      await jobs.create([newJob({ ownerId: 1 }), newJob({ ownerId: 2 }), newJob({ ownerId: 3 })], 4)
      expect(await owners(3)).toEqual([3, 2, 1])
    })

    test("within an owner the higher priority comes first, then the older job", async () => {
      const made = await jobs.create([newJob(), newJob({ priority: 2 }), newJob({ priority: 2 }), newJob({ priority: -1 })], 1)
      const order: number[] = []
      for (const _ of made) order.push((await claim()).jobId)
      expect(order).toEqual([2, 3, 1, 4])
    })

    test("an owner has no more jobs under way than was set, and others go on", async () => {
      await jobs.create([newJob({ ownerId: 1, priority: 9 }), newJob({ ownerId: 1, priority: 9 }), newJob({ ownerId: 2 })], 1)
      const options = { runnerId: "one", now: 2, perOwner: 1 }
      expect((await jobs.claim(options))?.job.ownerId).toBe(1)
      expect((await jobs.claim(options))?.job.ownerId).toBe(2)
      expect(await jobs.claim(options)).toBeUndefined()
    })

    test("a job whose credentials another process remembers is left to it", async () => {
      await create({ credentialSides: ["source"], credentialsHolder: "two" })
      expect(await jobs.claim({ runnerId: "one", now: 2 })).toBeUndefined()
      expect((await jobs.claim({ runnerId: "two", now: 2 }))?.jobId).toBe(1)
    })

    test("what the command line runs is running from the start, and nobody claims it", async () => {
      const lease = await jobs.createRunning(newJob(), "terminal 1", 1_000)
      expect(lease.job).toMatchObject({ state: "running", runner: "terminal", attempts: 1, startedAt: 1_000 })
      expect(await jobs.claim({ runnerId: "one", now: 2 })).toBeUndefined()
      expect(await told(lease.jobId)).toEqual([{ type: "state", state: "running", attempt: 1 }])
      expect(await jobs.finish(lease, { at: 2, state: "succeeded", events: [] })).toBe(true)
      await jobs.create([newJob()], 3, "terminal")
      expect(await jobs.claim({ runnerId: "one", now: 4 })).toBeUndefined()
    })

    test("fault 24: a job that waits for a rate limit wakes when its time has come", async () => {
      await jobs.create([newJob(), newJob()], 1)
      const [first, second] = [await claim(), await claim()]
      const record = { at: 2_100, events: [log("429")], stage: "copy", progress: null } as const
      expect(await jobs.wait(first, "rate_limit", 5_000, record)).toBe(true)
      expect(await jobs.wait(second, "rate_limit", 7_000, record)).toBe(true)
      expect(await jobs.get(1)).toMatchObject({ state: "waiting", waitReason: "rate_limit", waitUntil: 5_000, stage: "copy" })
      expect((await told(1)).slice(-2)).toEqual([
        log("429"),
        { type: "state", state: "waiting", attempt: 1, waitReason: "rate_limit", waitUntil: 5_000 },
      ])
      const before = await jobs.revision()
      expect(await jobs.wake(4_999)).toBe(5_000)
      expect(await jobs.revision()).toBe(before)
      expect(await jobs.wake(5_000)).toBe(7_000)
      expect(await jobs.get(1)).toMatchObject({ state: "queued", waitReason: null, waitUntil: null })
      expect(await jobs.wake(8_000)).toBeUndefined()
      expect((await claim()).job).toMatchObject({ id: 1, attempts: 2, startedAt: 2_000 })
    })

    test("fault 50: a released job is queued again with its progress", async () => {
      await create()
      const lease = await claim()
      const progress = { bytesDone: 1, bytesTotal: 2, blobs: [] }
      await jobs.record(lease, { at: 2_100, events: [], stage: "copy", progress })
      expect(await jobs.release(lease, 2_200)).toBe(true)
      expect(await jobs.get(1)).toMatchObject({ state: "queued", stage: "copy", progress, endedAt: null })
      expect((await told(1)).at(-1)).toEqual({ type: "state", state: "queued", attempt: 1 })
      expect((await claim()).job.attempts).toBe(2)
    })

    test("cancelling ends what is not running at once, and flags what is", async () => {
      await jobs.create([newJob(), newJob(), newJob()], 1)
      const waiting = await claim()
      await jobs.wait(waiting, "credentials", null, { at: 2, events: [] })
      const running = await claim()
      for (const id of [1, 2, 3]) expect(await jobs.cancel(id, 3)).toBe(true)
      expect(await jobs.get(1)).toMatchObject({ state: "cancelled", endedAt: 3, waitReason: null })
      expect(await jobs.get(2)).toMatchObject({ state: "running", cancelRequested: true })
      expect(await jobs.get(3)).toMatchObject({ state: "cancelled", endedAt: 3 })
      expect(await jobs.cancellations("one")).toEqual([2])
      expect(await jobs.cancellations("two")).toEqual([])
      expect(await jobs.cancel(1, 4)).toBe(false)
      expect(await jobs.cancel(99, 4)).toBe(false)
      await jobs.finish(running, { at: 5, state: "cancelled", events: [] })
      expect(await jobs.get(2)).toMatchObject({ state: "cancelled", cancelRequested: false })
      expect(await jobs.cancellations("one")).toEqual([])
    })

    test("a job that was to be cancelled neither waits nor goes back into the queue", async () => {
      await jobs.create([newJob(), newJob()], 1)
      const [first, second] = [await claim(), await claim()]
      await jobs.cancel(1, 2)
      await jobs.cancel(2, 2)
      expect(await jobs.wait(first, "rate_limit", 9, { at: 3, events: [] })).toBe(true)
      expect(await jobs.release(second, 3)).toBe(true)
      expect((await jobs.get(1))?.state).toBe("cancelled")
      expect((await jobs.get(2))?.state).toBe("cancelled")
    })

    test("a retry begins anew in the same sequence, with other credentials where there are some", async () => {
      await create({ credentialSides: ["source"], credentialsHolder: "one" })
      await jobs.finish(await claim(), {
        at: 3,
        state: "failed",
        events: [],
        failure,
        totals,
        digest: "sha256:1",
        unchanged: true,
      })
      expect(await jobs.retry(1, 4, { sides: ["target"], holder: "two" })).toBe(true)
      expect(await jobs.get(1)).toMatchObject({
        state: "queued",
        credentialSides: ["target"],
        failure: null,
        totals: null,
        digest: null,
        unchanged: false,
        startedAt: null,
        endedAt: null,
        lastSequence: 4,
      })
      expect(await jobs.claim({ runnerId: "one", now: 5 })).toBeUndefined()
      expect((await claim("two", 6)).job).toMatchObject({ attempts: 2, startedAt: 6 })
      expect(await jobs.retry(1, 7)).toBe(false)
      expect(await jobs.retry(99, 7)).toBe(false)
    })

    test("a retry cuts a wait short and keeps the progress", async () => {
      await create()
      const progress = { bytesDone: 1, bytesTotal: 2, blobs: [] }
      await jobs.wait(await claim(), "rate_limit", 90_000, { at: 3, events: [], stage: "copy", progress })
      expect(await jobs.retry(1, 4)).toBe(true)
      expect(await jobs.get(1)).toMatchObject({ state: "queued", waitReason: null, waitUntil: null, stage: "copy", progress })
    })

    test("what ended at a terminal is the server's when it is retried", async () => {
      const lease = await jobs.createRunning(newJob(), "terminal 1", 1)
      await jobs.finish(lease, { at: 2, state: "failed", events: [], failure })
      expect(await jobs.retry(lease.jobId, 3)).toBe(true)
      expect((await claim()).job.runner).toBe("server")
    })

    test("fault 33: the jobs of a process that is gone go back, wait for credentials, or fail", async () => {
      await jobs.heartbeat("gone", 1)
      await jobs.create([newJob(), newJob({ credentialSides: ["target"], credentialsHolder: "gone" }), newJob()], 1)
      await claim("gone")
      await claim("gone")
      await claim("gone")
      const terminal = await jobs.createRunning(newJob(), "gone", 2)
      const [queued] = await jobs.create([newJob({ credentialSides: ["target"], credentialsHolder: "gone" })], 2)
      await jobs.cancel(3, 3)
      await jobs.bury("gone", 4)
      expect(await jobs.get(1)).toMatchObject({ state: "queued" })
      expect(await jobs.get(2)).toMatchObject({ state: "waiting", waitReason: "credentials", waitUntil: null })
      expect(await jobs.get(3)).toMatchObject({ state: "cancelled", endedAt: 4 })
      expect(await jobs.get(terminal.jobId)).toMatchObject({
        state: "failed",
        endedAt: 4,
        failure: { code: "cancelled", message: "the process that ran it has ended" },
      })
      expect(await jobs.get(queued?.id ?? 0)).toMatchObject({ state: "waiting", waitReason: "credentials" })
      expect(await jobs.runners()).toEqual([])
      expect((await told(2)).at(-1)).toEqual({ type: "state", state: "waiting", attempt: 1, waitReason: "credentials" })
      const before = await jobs.changes("all", 0, 100)
      await jobs.bury("gone", 5)
      expect(await jobs.changes("all", 0, 100)).toEqual(before)
      expect(await jobs.retry(2, 6, { sides: ["target"], holder: "one" })).toBe(true)
    })

    test("an ended job whose credentials went with their process can be taken by anyone after a retry", async () => {
      await create({ credentialSides: ["target"], credentialsHolder: "one" })
      await succeed()
      await jobs.bury("one", 4)
      expect(await jobs.retry(1, 5)).toBe(true)
      expect((await claim("two")).job.credentialSides).toEqual(["target"])
    })

    test("runners are known from their first heartbeat on", async () => {
      await jobs.heartbeat("one", 1)
      await jobs.heartbeat("two", 2)
      await jobs.heartbeat("one", 3)
      expect(await jobs.runners()).toEqual([
        { id: "one", seenAt: 3 },
        { id: "two", seenAt: 2 },
      ])
    })

    test("jobs are counted by state", async () => {
      await jobs.create([newJob(), newJob(), newJob({ ownerId: 2 })], 1)
      await jobs.createBatch({ ownerId: 2, priority: 0, title: "two", children: [newJob({ ownerId: 2 })] }, 1)
      await succeed()
      const none = { queued: 0, waiting: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 }
      expect(await jobs.counts("all")).toEqual({ ...none, queued: 3, succeeded: 1 })
      expect(await jobs.counts({ ownerId: 1 })).toEqual({ ...none, queued: 1, succeeded: 1 })
    })
  })
}
