import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type MakeStorage, newJob, type TestStorage } from "../database.fixture.ts"
import type { Database, JobResult, JobStore, NewJob, StatisticsStore, Tally } from "../stores.ts"

const hourMs = 3_600_000
const none: Tally = {
  succeeded: 0,
  unchanged: 0,
  failed: 0,
  cancelled: 0,
  bytesSent: 0,
  bytesSkipped: 0,
  copyMs: 0,
  copyBytes: 0,
}
const totals = { bytesSent: 1_000, bytesSkipped: 50, blobsSent: 2, blobsSkipped: 1, blobsMounted: 0, durationMs: 20 }

/** How every dialect counts what ended. */
export function statisticsStoreContract(makeStorage: MakeStorage): void {
  describe("statistics", () => {
    let storage: TestStorage
    let database: Database
    let jobs: JobStore
    let statistics: StatisticsStore

    beforeEach(async () => {
      storage = await makeStorage()
      database = await storage.open()
      jobs = database.jobs
      statistics = database.statistics
    })
    afterEach(async () => {
      await storage[Symbol.asyncDispose]()
    })

    const at = (hour: number) => hour * hourMs + 1
    const claim = async () => {
      const lease = await jobs.claim({ runnerId: "one", now: 1 })
      if (!lease) throw new Error("nothing to claim")
      return lease
    }
    /** The oldest queued job ends in that hour. */
    const end = async (hour: number, result: Partial<JobResult> = {}) => {
      expect(await jobs.finish(await claim(), { at: at(hour), state: "succeeded", events: [], ...result })).toBe(true)
    }
    const run = async (hour: number, result: Partial<JobResult> = {}, job: Partial<NewJob> = {}) => {
      const [made] = await jobs.create([newJob(job)], 1)
      await end(hour, result)
      return made?.id ?? 0
    }
    const steps = async (...hours: number[]) => (await statistics.tallies("all", hours)).steps

    test("each end is counted in its hour: copied, there already, failed or cancelled", async () => {
      await run(100, { totals })
      await run(100, { totals: { ...totals, bytesSent: 0, bytesSkipped: 1_050 }, unchanged: true })
      await run(101, { state: "failed", totals: { ...totals, bytesSent: 10 } })
      await run(102, { state: "cancelled" })
      expect(await steps(99, 100, 101, 102, 103, 104)).toEqual([
        none,
        { ...none, succeeded: 1, unchanged: 1, bytesSent: 1_000, bytesSkipped: 1_100, copyMs: 20, copyBytes: 1_000 },
        { ...none, failed: 1, bytesSent: 10, bytesSkipped: 50, copyMs: 20, copyBytes: 10 },
        { ...none, cancelled: 1 },
        none,
      ])
    })

    test("a step has as many hours as it is given", async () => {
      for (const hour of [100, 123, 124, 150]) await run(hour)
      expect((await steps(100, 124, 147, 171)).map(({ succeeded }) => succeeded)).toEqual([2, 1, 1])
      expect((await steps(124, 150)).map(({ succeeded }) => succeeded)).toEqual([1])
      expect((await statistics.tallies("all", [151, 152])).hosts).toEqual([])
    })

    test("nothing was counted before the first job", async () => {
      expect(await statistics.tallies("all", [100, 101])).toEqual({ steps: [none], hosts: [] })
      expect(await statistics.copied("all", [{ side: "source", host: "docker.io" }], [100, 101])).toEqual([
        [{ copyMs: 0, copyBytes: 0 }],
      ])
      expect(await statistics.copied("all", [], [100, 101])).toEqual([])
    })

    test("S13: a reader sees what the jobs of one owner did, or all", async () => {
      await run(100, { totals })
      await run(100, { totals }, { ownerId: 2, sourceHost: "quay.io" })
      const own = await statistics.tallies({ ownerId: 2 }, [100, 101])
      expect(own.steps.map(({ succeeded }) => succeeded)).toEqual([1])
      expect(own.hosts.map(({ host }) => host).sort()).toEqual(["harbor.example.com", "quay.io"])
      expect((await steps(100, 101)).map(({ succeeded }) => succeeded)).toEqual([2])
      expect((await statistics.tallies({ ownerId: 3 }, [100, 101])).steps).toEqual([none])
      const places = [{ side: "source", host: "docker.io" }] as const
      expect(await statistics.copied({ ownerId: 2 }, places, [100, 101])).toEqual([[{ copyMs: 0, copyBytes: 0 }]])
    })

    test("registries are told apart by name and side, and local places are none", async () => {
      await run(100, { totals }, { sourceHost: "a.example", targetHost: "b.example" })
      await run(101, { totals, state: "failed" }, { sourceHost: "b.example", targetHost: "a.example" })
      await run(102, { totals }, { sourceHost: "", targetHost: "b.example" })
      const { hosts } = await statistics.tallies("all", [100, 103])
      const told = hosts.map(({ side, host, succeeded, failed, bytesSent }) => [side, host, succeeded, failed, bytesSent])
      expect(told.sort()).toEqual([
        ["source", "a.example", 1, 0, 1_000],
        ["source", "b.example", 0, 1, 1_000],
        ["target", "a.example", 0, 1, 1_000],
        ["target", "b.example", 2, 0, 2_000],
      ])
      const places = [
        { side: "target", host: "b.example" },
        { side: "target", host: "never.example" },
        { side: "source", host: "b.example" },
      ] as const
      const copied = await statistics.copied("all", places, [100, 101, 102, 103])
      expect(copied.map((each) => each.map(({ copyBytes }) => copyBytes))).toEqual([
        [1_000, 0, 1_000],
        [0, 0, 0],
        [0, 1_000, 0],
      ])
    })

    test("a job that ends again is counted again", async () => {
      const id = await run(100, { state: "failed" })
      await jobs.retry(id, at(101))
      await end(102, { totals })
      expect((await steps(100, 101, 102, 103)).map(({ failed, succeeded }) => [failed, succeeded])).toEqual([
        [1, 0],
        [0, 0],
        [0, 1],
      ])
    })

    test("what is removed from the history stays counted", async () => {
      const id = await run(100, { totals })
      expect(await jobs.remove(id, at(101))).toBe(true)
      expect((await steps(100, 102)).map(({ bytesSent }) => bytesSent)).toEqual([1_000])
    })

    test("a batch is not counted, its children are", async () => {
      await jobs.createBatch({ ownerId: 1, priority: 0, title: "two", children: [newJob(), newJob()] }, 1)
      await end(100, { totals })
      await end(101, { totals })
      expect((await steps(100, 101, 102)).map(({ succeeded }) => succeeded)).toEqual([1, 1])
    })

    test("children that are cancelled together are counted one by one", async () => {
      const children = Array.from({ length: 250 }, (_, index) => newJob({ sourceHost: `${index % 7}.example` }))
      const { batch } = await jobs.createBatch({ ownerId: 1, priority: 0, title: "many", children }, 1)
      await jobs.cancel(batch.id, at(100))
      const { steps: counted, hosts } = await statistics.tallies("all", [100, 101])
      expect(counted).toEqual([{ ...none, cancelled: 250 }])
      const sources = hosts.filter(({ side }) => side === "source").map(({ host, cancelled }) => [host, cancelled])
      expect(sources.sort()).toEqual(Array.from({ length: 7 }, (_, index) => [`${index}.example`, index < 5 ? 36 : 35]))
    })

    test("an end is counted however it came: while queued, while waiting, on release, with its process", async () => {
      const [queued] = await jobs.create([newJob()], 1)
      await jobs.cancel(queued?.id ?? 0, at(100))

      const [waiting] = await jobs.create([newJob()], 1)
      await jobs.wait(await claim(), "credentials", null, { at: 2, events: [] })
      await jobs.cancel(waiting?.id ?? 0, at(101))

      const [released] = await jobs.create([newJob()], 1)
      const lease = await claim()
      await jobs.cancel(released?.id ?? 0, 3)
      await jobs.release(lease, at(102))

      await jobs.createRunning(newJob(), "terminal", 1)
      await jobs.bury("terminal", at(103))
      expect((await steps(100, 101, 102, 103, 104)).map(({ cancelled, failed }) => [cancelled, failed])).toEqual([
        [1, 0],
        [1, 0],
        [1, 0],
        [0, 1],
      ])
    })

    test("what does not end is not counted", async () => {
      await jobs.create([newJob(), newJob()], 1)
      await jobs.wait(await claim(), "rate_limit", at(101), { at: at(100), events: [] })
      const lease = await claim()
      await jobs.release(lease, at(100))
      expect(await jobs.finish(lease, { at: at(100), state: "succeeded", events: [], totals })).toBe(false)
      expect(await steps(0, 200)).toEqual([none])
    })

    test("a database from before there were meters has what its jobs moved them by", async () => {
      await run(100, { totals })
      await run(100, { totals: { ...totals, bytesSent: 0 }, unchanged: true }, { ownerId: 2, sourceHost: "quay.io" })
      await run(100, { totals, state: "failed" }, { ownerId: 2, targetHost: "" })
      await run(130, { totals }, { sourceHost: "harbor.example.com" })
      await jobs.createBatch({ ownerId: 2, priority: 0, title: "two", children: [newJob(), newJob({ ownerId: 2 })] }, 1)
      await end(130, { totals, state: "cancelled" })
      await end(99)
      await jobs.create([newJob()], 1)
      const told = async ({ statistics: each }: Database) => {
        const all: unknown[] = []
        for (const visibility of ["all", { ownerId: 1 }, { ownerId: 2 }] as const) {
          const { steps: counted, hosts } = await each.tallies(visibility, [99, 100, 101, 130, 131])
          const sorted = [...hosts].sort((one, other) => (one.side + one.host < other.side + other.host ? -1 : 1))
          all.push(counted, sorted, await each.copied(visibility, sorted, [99, 100, 101, 130, 131]))
        }
        return all
      }
      const before = await told(database)
      expect(JSON.stringify(before)).toContain('"bytesSent":2000')
      for (const statement of [
        "drop table meter_readings",
        "drop table meters",
        "delete from migrations where name = 'statistics'",
      ]) {
        await storage.execute(statement)
      }
      const migrated = await storage.open()
      expect(await told(migrated)).toEqual(before)
      const lease = await migrated.jobs.claim({ runnerId: "one", now: 1 })
      await migrated.jobs.finish(lease ?? { jobId: 0, fence: 0 }, { at: at(131), state: "succeeded", events: [] })
      expect((await migrated.statistics.tallies("all", [99, 132])).steps.map(({ succeeded }) => succeeded)).toEqual([4])
    })

    test("a clock that goes back and forth loses nothing", async () => {
      for (const hour of [100, 400, 99, 100, 101, 400]) await run(hour, { totals })
      const counted = await steps(99, 100, 101, 102, 400, 401)
      expect(counted.map(({ succeeded, bytesSent }) => [succeeded, bytesSent])).toEqual([
        [1, 1_000],
        [2, 2_000],
        [1, 1_000],
        [0, 0],
        [2, 2_000],
      ])
    })
  })
}
