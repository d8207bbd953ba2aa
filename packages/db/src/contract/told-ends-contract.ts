import { describe, expect, test } from "vitest"
import { type MakeStorage, newJob } from "../database.fixture.ts"
import type { JobFacts, JobResult, WebhookEvent } from "../stores.ts"
import { freshStorage } from "./fresh-storage.fixture.ts"
import { chatBot } from "./webhook-store-contract.ts"

const totals = { bytesSent: 1_000, bytesSkipped: 50, blobsSent: 2, blobsSkipped: 1, blobsMounted: 0, durationMs: 20 }
const failure = { code: "network", message: "connection refused", host: "harbor.example.com", hint: "look" } as const

/** How every dialect writes, with the end of a job, what webhooks are told of it. */
export function toldEndsContract(makeStorage: MakeStorage): void {
  describe("ends of jobs that webhooks are told of", () => {
    const fresh = freshStorage(makeStorage)

    const listen = (name: string, ...events: readonly WebhookEvent[]) =>
      fresh.database.webhooks.create({ ...chatBot, name, events }, 1)
    const claim = async () => {
      const lease = await fresh.database.jobs.claim({ runnerId: "one", now: 1_000 })
      if (!lease) throw new Error("nothing to claim")
      return lease
    }
    /** The oldest queued job ends. */
    const end = async (result: Partial<JobResult> = {}) =>
      await fresh.database.jobs.finish(await claim(), { at: 3_500, state: "succeeded", events: [], ...result })
    const run = async (result: Partial<JobResult> = {}) => {
      const [job] = await fresh.database.jobs.create([newJob()], 1)
      await end(result)
      return job?.id ?? 0
    }
    const runBatch = async (children: number) =>
      (
        await fresh.database.jobs.createBatch(
          { ownerId: 1, priority: 0, title: "many", children: Array.from({ length: children }, () => newJob()) },
          1,
        )
      ).batch.id
    const told = async () =>
      [...(await fresh.database.webhooks.deliveries({ limit: 100 }))].reverse().map(({ event, facts, webhookId }) => ({
        webhookId,
        event,
        facts: JSON.parse(facts) as JobFacts,
      }))
    const events = async () => (await told()).map(({ event, facts }) => [event, facts.jobId, facts.jobs])

    test("whoever wants to know of an end is told what the job did, and due at once", async () => {
      const both = await listen("both", "job.succeeded", "job.failed")
      const failures = await listen("failures", "job.failed")
      const succeeded = await run({ digest: "sha256:abc", totals })
      const failed = await run({ state: "failed", failure, totals: { ...totals, bytesSent: 7 }, at: 3_600 })
      const { webhooks } = fresh.database
      expect(await webhooks.delivery(1)).toEqual({
        ...{ id: 1, webhookId: both.id, event: "job.succeeded", facts: expect.any(String), state: "pending", attempts: 0 },
        ...{ nextAt: 3_500, createdAt: 3_500, endedAt: null, status: null, error: null, durationMs: null },
      })
      const job = { kind: "mirror", source: "nginx:1.27", target: "harbor.example.com/mirror/nginx:1.27", jobs: null }
      const success: JobFacts = {
        ...job,
        jobId: succeeded,
        digest: "sha256:abc",
        unchanged: false,
        bytesSent: 1_000,
        durationMs: 2_500,
        error: null,
      }
      const error = { code: "network", message: "connection refused" }
      const loss: JobFacts = { ...job, jobId: failed, digest: null, unchanged: false, bytesSent: 7, durationMs: 2_600, error }
      expect(await told()).toEqual([
        { webhookId: both.id, event: "job.succeeded", facts: success },
        { webhookId: both.id, event: "job.failed", facts: loss },
        { webhookId: failures.id, event: "job.failed", facts: loss },
      ])
    })

    test("nobody is told of what is cancelled, waits or is put back, and nobody who is not enabled", async () => {
      const { jobs, webhooks } = fresh.database
      const { id } = await listen("both", "job.succeeded", "job.failed")
      const [cancelled] = await jobs.create([newJob()], 1)
      await jobs.cancel(cancelled?.id ?? 0, 2)
      await run({ state: "cancelled" })
      await jobs.create([newJob()], 1)
      await jobs.release(await claim(), 2)
      const lease = await claim()
      await jobs.wait(lease, "rate_limit", 99, { at: 2, events: [] })
      expect(await jobs.finish(lease, { at: 3, state: "failed", events: [], failure })).toBe(false)
      await webhooks.update(id, { enabled: false }, 5)
      await run()
      await webhooks.update(id, { enabled: true, events: ["upstream.unhealthy"] }, 5)
      await run({ state: "failed", failure })
      expect(await told()).toEqual([])
    })

    test("a job whose process is gone is told of as failed", async () => {
      await listen("both", "job.failed")
      const { jobs } = fresh.database
      const { jobId } = await jobs.createRunning(newJob(), "terminal", 1_000)
      await jobs.bury("terminal", 4_000)
      const [only, ...others] = await told()
      expect(others).toEqual([])
      const error = { code: "cancelled", message: "the process that ran it has ended" }
      expect(only).toMatchObject({ event: "job.failed", facts: { jobId, durationMs: 3_000, error } })
    })

    test("a batch speaks for its children, when the last has ended", async () => {
      await listen("both", "job.succeeded", "job.failed")
      const id = await runBatch(3)
      await end({ totals })
      await end({ totals, state: "failed", failure })
      expect(await told()).toEqual([])
      await end({ totals, unchanged: true, at: 5_000 })
      const [only, ...others] = await told()
      expect(others).toEqual([])
      expect(only).toMatchObject({ event: "job.failed" })
      expect(only?.facts).toEqual({
        ...{ jobId: id, kind: "batch", source: "many", target: "", digest: null, unchanged: false, bytesSent: 3_000 },
        ...{ durationMs: 4_000, error: null, jobs: { succeeded: 2, failed: 1, cancelled: 0 } },
      })
    })

    test("a batch is told of however its last child ended, and not when all of it was cancelled", async () => {
      await listen("both", "job.succeeded", "job.failed")
      const { jobs } = fresh.database
      const first = await runBatch(2)
      await end()
      await end()
      await jobs.cancel(await runBatch(250), 6)
      const third = await runBatch(2)
      await end()
      const {
        jobs: [last],
      } = await jobs.list({ visibility: "all", limit: 10, parentId: third, states: ["queued"] })
      await jobs.cancel(last?.id ?? 0, 7)
      expect(await events()).toEqual([
        ["job.succeeded", first, { succeeded: 2, failed: 0, cancelled: 0 }],
        ["job.failed", third, { succeeded: 1, failed: 0, cancelled: 1 }],
      ])
    })

    test("what ends again is told again, and a job that is taken out of a batch that has ended is no end", async () => {
      await listen("both", "job.succeeded", "job.failed")
      const { jobs } = fresh.database
      const single = await run({ state: "failed", failure })
      await jobs.retry(single, 2)
      await end()
      const batch = await runBatch(2)
      await end()
      await end({ state: "failed", failure })
      const failed = { succeeded: 1, failed: 1, cancelled: 0 }
      const ends = [
        ["job.failed", single, null],
        ["job.succeeded", single, null],
        ["job.failed", batch, failed],
      ]
      expect(await events()).toEqual(ends)
      await jobs.retry(batch, 5)
      await end({ state: "failed", failure })
      expect(await events()).toEqual([...ends, ["job.failed", batch, failed]])
      const {
        jobs: [child],
      } = await jobs.list({ visibility: "all", limit: 10, parentId: batch, states: ["failed"] })
      expect(await jobs.remove(child?.id ?? 0, 9)).toBe(true)
      expect(await jobs.get(batch)).toMatchObject({ state: "succeeded" })
      expect(await events()).toHaveLength(4)
    })

    test("webhooks that are removed while jobs end let every job end", async () => {
      const { webhooks } = fresh.database
      const remover = (await fresh.storage.open()).webhooks
      for (let round = 0; round < 8; round++) {
        const { id } = await listen(`round ${round}`, "job.succeeded")
        await fresh.database.jobs.create([newJob()], 1)
        const lease = await claim()
        const [ended] = await Promise.all([
          fresh.database.jobs.finish(lease, { at: 5, state: "succeeded", events: [] }),
          remover.remove(id),
        ])
        expect(ended).toBe(true)
      }
      expect(await webhooks.deliveries({ limit: 10 })).toEqual([])
    })
  })
}
