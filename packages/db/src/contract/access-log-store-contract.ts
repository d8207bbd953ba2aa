import { describe, expect, test } from "vitest"
import type { MakeStorage } from "../database.fixture.ts"
import type { AccessLogQuery, AccessRecord } from "../stores.ts"
import { freshStorage } from "./fresh-storage.fixture.ts"

const entry: Omit<AccessRecord, "id"> = {
  at: 1,
  user: "ann",
  address: "192.0.2.1",
  action: "pull",
  method: "GET",
  repository: "docker.io/library/nginx",
  reference: "latest",
  status: 200,
  bytes: 1_000,
  durationMs: 12,
  cache: "hit",
  upstream: null,
  userAgent: "containerd/1.7",
}

/** What every dialect keeps of requests to /v2. */
export function accessLogStoreContract(makeStorage: MakeStorage): void {
  describe("the access log", () => {
    const fresh = freshStorage(makeStorage)

    const ids = async (query: Partial<AccessLogQuery>) =>
      (await fresh.database.accessLog.list({ limit: 10, ...query })).map(({ id }) => id)

    test("entries are kept as they are, and read newest first", async () => {
      const { accessLog } = fresh.database
      const other = { ...entry, at: 3, cache: null, upstream: "Docker Hub", bytes: 2 ** 40 }
      await accessLog.append([])
      // Two processes write what they saw, each in its time.
      await accessLog.append([entry, other])
      await accessLog.append([{ ...entry, at: 2 }])
      expect(await accessLog.list({ limit: 10 })).toEqual([
        { ...other, id: 2 },
        { ...entry, at: 2, id: 3 },
        { ...entry, id: 1 },
      ])
    })

    test("pages follow each other without gap or repetition, also where times are the same", async () => {
      const { accessLog } = fresh.database
      const times = [5, 1, 5, 9, 5, 5, 2]
      await accessLog.append(times.map((at) => ({ ...entry, at })))
      const all: number[] = []
      for (let before: number | undefined; ; before = all.at(-1)) {
        const page = await ids({ limit: 2, before })
        all.push(...page)
        if (page.length < 2) break
      }
      expect(all).toEqual([4, 6, 5, 3, 1, 7, 2])
      expect(await ids({ before: 2 })).toEqual([])
      await accessLog.prune(2, 10)
      expect(await ids({ before: 2, limit: 1 })).toEqual([1])
      await accessLog.clear()
      expect(await ids({ before: 4 })).toEqual([])
    })

    test("each filter keeps what it says, and all together keep what all say", async () => {
      const others: Partial<AccessRecord>[] = [
        { user: "bob" },
        { address: "192.0.2.2" },
        { action: "push" },
        { repository: "docker.io/library/nginx-unit" },
        { repository: "docker.io/library" },
        { cache: "miss" },
        { cache: null },
        { status: 404 },
        { status: 499 },
        { status: 500 },
        { at: 50 },
        {},
      ]
      await fresh.database.accessLog.append(others.map((other, i) => ({ ...entry, at: i + 1, ...other })))
      const last = 12
      expect(await ids({ user: "bob" })).toEqual([1])
      expect(await ids({ address: "192.0.2.2" })).toEqual([2])
      expect(await ids({ action: "push" })).toEqual([3])
      expect(await ids({ cache: "miss" })).toEqual([6])
      expect(await ids({ status: 404 })).toEqual([8])
      expect(await ids({ status: 4 })).toEqual([9, 8])
      expect(await ids({ status: 5 })).toEqual([10])
      expect(await ids({ repository: "docker.io/library" })).toEqual([5])
      expect(await ids({ repository: "docker.io/library/nginx", limit: 3 })).toEqual([11, last, 10])
      expect(await ids({ repository: "docker.io/library/", limit: 50 })).toEqual([11, 12, 10, 9, 8, 7, 6, 4, 3, 2, 1])
      expect(await ids({ repository: "docker.io/", status: 5 })).toEqual([10])
      expect(await ids({ from: 12, to: 50 })).toEqual([11, last])
      expect(await ids({ from: 3, to: 4 })).toEqual([4, 3])
      expect(await ids({ user: "ann", repository: "docker.io/library/", from: 3, to: 8, status: 200, cache: "hit" })).toEqual([
        4, 3,
      ])
      expect(await ids({ user: "ann", action: "pull", before: last, limit: 2 })).toEqual([10, 9])
      expect(await ids({ user: "bob", action: "push" })).toEqual([])
    })

    test("what is rare among many is found, however far back", { timeout: 60_000 }, async () => {
      const { accessLog } = fresh.database
      const rare = { ...entry, at: 1, user: "bob", action: "push", repository: "team/app/x", status: 500 }
      await accessLog.append([rare])
      const many = Array.from({ length: 23_000 }, (_, i) => ({
        ...entry,
        at: i + 2,
        user: i % 2 ? "ann" : "bob",
        action: i % 2 ? "push" : "pull",
        repository: i % 2 ? "team/app/y" : "team/lib/y",
      }))
      await accessLog.append(many)
      expect(await ids({ user: "bob", action: "push" })).toEqual([1])
      expect(await ids({ repository: "team/", status: 5 })).toEqual([1])
      expect(await ids({ repository: "team/app/", user: "bob", before: 22_000 })).toEqual([1])
      expect(await ids({ repository: "team/", status: 2, limit: 1 })).toEqual([23_001])
      expect(await ids({ repository: "team/app/", limit: 2 })).toEqual([23_001, 22_999])
    })

    test("whoever follows reads what was written after the last entry, newest first, whatever the times say", async () => {
      const { accessLog } = fresh.database
      expect(await accessLog.lastId()).toBe(0)
      expect(await accessLog.newest(0, 10)).toEqual([])
      await accessLog.append([9, 3, 6].map((at) => ({ ...entry, at })))
      expect(await accessLog.lastId()).toBe(3)
      expect((await accessLog.newest(0, 2)).map(({ id }) => id)).toEqual([3, 2])
      expect(await accessLog.newest(2, 10)).toEqual([{ ...entry, at: 6, id: 3 }])
      expect(await accessLog.newest(3, 10)).toEqual([])
      await accessLog.clear()
      expect(await accessLog.lastId()).toBe(0)
      await accessLog.append([entry])
      expect((await accessLog.newest(3, 10)).map(({ id }) => id)).toEqual([4])
    })

    test("whoever follows while several processes write misses nothing", async () => {
      const other = (await fresh.storage.open()).accessLog
      const { accessLog } = fresh.database
      const many = Array.from({ length: 200 }, () => entry)
      const seen: number[] = []
      let writing = 2
      const write = async (log: typeof accessLog) => {
        for (let round = 0; round < 10; round++) await log.append(many)
        writing -= 1
      }
      const follow = async () => {
        for (let isLast = false; !isLast; ) {
          isLast = writing === 0
          const news = await accessLog.newest(seen.at(-1) ?? 0, 100_000)
          seen.push(...news.map(({ id }) => id).reverse())
        }
      }
      await Promise.all([write(accessLog), write(other), follow()])
      expect(seen).toHaveLength(4_000)
    })

    test("the oldest are pruned in pieces, and all are cleared", async () => {
      const { accessLog } = fresh.database
      await accessLog.append([4, 1, 3, 2, 5].map((at) => ({ ...entry, at })))
      expect(await accessLog.prune(4, 2)).toBe(2)
      expect(await ids({})).toEqual([5, 1, 3])
      expect(await accessLog.prune(4, 2)).toBe(1)
      expect(await accessLog.prune(4, 2)).toBe(0)
      expect(await accessLog.clear()).toBe(2)
      expect(await accessLog.clear()).toBe(0)
      expect(await ids({})).toEqual([])
    })
  })
}
