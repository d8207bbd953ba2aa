import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { type MakeStorage, newJob, type TestStorage } from "../database.fixture.ts"
import type { Database, JobStore } from "../stores.ts"

/** How every dialect tells followers what has changed. */
export function followStoreContract(makeStorage: MakeStorage): void {
  describe("changes", () => {
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

    test("come in the order of their revisions, each job once, as it is now", async () => {
      await jobs.create([newJob(), newJob({ ownerId: 2 })], 1)
      const lease = await jobs.claim({ runnerId: "one", now: 2 })
      if (!lease) throw new Error("nothing to claim")
      const progress = { bytesDone: 1, bytesTotal: 2, blobs: [] }
      await jobs.record(lease, { at: 3, events: [], progress })
      const all = await jobs.changes("all", 0, 10)
      expect(all.map(({ jobId }) => jobId)).toEqual([2, 1])
      expect(all[1]?.job).toEqual(await jobs.get(1))
      expect(all.at(-1)?.revision).toBe(await jobs.revision())
      expect(await jobs.changes({ ownerId: 2 }, 0, 10)).toEqual([all[0]])
      expect(await jobs.changes("all", 0, 1)).toEqual([all[0]])
      expect(await jobs.changes("all", all[0]?.revision ?? 0, 10)).toEqual([all[1]])
      expect(await jobs.changes("all", await jobs.revision(), 10)).toEqual([])
    })

    test("tell that a job was taken out, to those who could see it", async () => {
      await jobs.create([newJob(), newJob()], 1)
      await jobs.cancel(1, 2)
      await jobs.remove(1, 3)
      expect((await jobs.changes({ ownerId: 1 }, 0, 10)).map(({ jobId, job }) => [jobId, job?.id ?? null])).toEqual([
        [2, 2],
        [1, null],
      ])
      expect(await jobs.changes({ ownerId: 2 }, 0, 10)).toEqual([])
      const week = 7 * 24 * 3_600_000
      await jobs.cancel(2, 3)
      await jobs.remove(2, 4 + week)
      expect((await jobs.changes("all", 0, 10)).map(({ jobId }) => jobId)).toEqual([2])
    })

    test("a refused write gives no revision and calls nobody", async () => {
      await jobs.create([newJob()], 1)
      const listener = vi.fn()
      database.onChange(listener)
      await listening(database, listener)
      listener.mockClear()
      const before = await jobs.changes("all", 0, 10)
      await jobs.record({ jobId: 1, fence: 9 }, { at: 2, events: [] })
      await jobs.retry(1, 2)
      await jobs.remove(1, 2)
      await jobs.claim({ runnerId: "one", now: 2, perOwner: 0 })
      expect(await jobs.changes("all", 0, 10)).toEqual(before)
      expect(listener).not.toHaveBeenCalled()
    })

    test("of this process are told at once, of another within a tenth of a second", async () => {
      const other = await storage.open()
      const [own, others] = [vi.fn(), vi.fn()]
      const stops = [database.onChange(own), other.onChange(others)]
      await listening(database, own)
      await listening(other, others)
      own.mockClear()
      others.mockClear()
      await jobs.create([newJob()], 1)
      const committed = performance.now()
      expect(own).toHaveBeenCalledTimes(1)
      await vi.waitFor(() => expect(others).toHaveBeenCalledTimes(1), { interval: 2 })
      expect(performance.now() - committed).toBeLessThan(100)
      for (const stop of stops) stop()
      await jobs.create([newJob()], 1)
      await sleep(30)
      expect([own.mock.calls.length, others.mock.calls.length]).toEqual([1, 1])
    })

    test("several processes take each job once, and revisions are seen in their order", async () => {
      const others = [database, await storage.open(), await storage.open()]
      await jobs.create(
        Array.from({ length: 24 }, (_, index) => newJob({ ownerId: index % 3 })),
        1,
      )
      const seen: number[] = []
      let after = 0
      const follow = async () => {
        for (const change of await jobs.changes("all", after, 1_000)) {
          seen.push(change.revision)
          after = change.revision
        }
      }
      const taken: number[] = []
      const work = async ({ jobs: own }: Database, runnerId: string) => {
        for (let lease = await own.claim({ runnerId, now: 2 }); lease; lease = await own.claim({ runnerId, now: 2 })) {
          taken.push(lease.jobId)
          await own.record(lease, { at: 3, events: [{ type: "log", level: "info", message: runnerId }] })
          await follow()
          expect(await own.finish(lease, { at: 4, state: "succeeded", events: [] })).toBe(true)
        }
      }
      await Promise.all(others.map((each, index) => work(each, `runner ${index}`)))
      expect(taken.sort((one, other) => one - other)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1))
      const missed = (await jobs.changes("all", 0, 1_000)).filter(({ revision }) => !seen.includes(revision) && revision <= after)
      expect(missed).toEqual([])
      for (const id of taken) {
        const events = await jobs.events(id, 0, 100)
        expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4])
      }
    })
  })
}

/** PostgreSQL calls once when it begins to listen, since nobody heard what was announced before. */
async function listening(database: Database, listener: () => void): Promise<void> {
  if (database.dialect === "postgres") await vi.waitFor(() => expect(listener).toHaveBeenCalled())
}
