import { describe, expect, test } from "vitest"
import type { MakeStorage } from "../database.fixture.ts"
import type { RepositoryTally, ServedCount, ServedTally, UpstreamTally } from "../stores.ts"
import { freshStorage } from "./fresh-storage.fixture.ts"

const none: ServedTally = {
  requests: 0,
  pulls: 0,
  refused: 0,
  failures: 0,
  hits: 0,
  stale: 0,
  misses: 0,
  bytesSent: 0,
  bytesPushed: 0,
  bytesFetched: 0,
}
const some: ServedTally = {
  requests: 10,
  pulls: 1,
  refused: 2,
  failures: 3,
  hits: 4,
  stale: 5,
  misses: 6,
  bytesSent: 2 ** 40,
  bytesPushed: 8,
  bytesFetched: 9,
}
const hub: UpstreamTally = { host: "registry-1.docker.io", requests: 3, failures: 1, waitMs: 200, bytesFetched: 5_000 }

/** How every dialect counts what was served. */
export function servedStoreContract(makeStorage: MakeStorage): void {
  describe("served", () => {
    const fresh = freshStorage(makeStorage)

    const count = (hour: number, changes: Partial<ServedCount> = {}): ServedCount => ({
      ...{ ...none, hour, upstreams: [], repositories: [] },
      ...changes,
    })
    const pulled = (repository: string, pulls: number, bytesSent = pulls * 100): RepositoryTally => ({
      ...{ repository, pulls, bytesSent },
    })
    const dayOf = (text: string) => Date.parse(`${text}T00:00:00Z`) / 86_400_000

    test("nothing was counted before the first request", async () => {
      const { served } = fresh.database
      await served.add([])
      expect(await served.tallies([100, 101, 102])).toEqual({ steps: [none, none], upstreams: [] })
      expect(await served.tallies([100])).toEqual({ steps: [], upstreams: [] })
      expect(await served.tallies([])).toEqual({ steps: [], upstreams: [] })
      expect(await served.mostPulled({ since: 0, until: 100_000, limit: 10 })).toEqual([])
    })

    test("what is added comes to what was there, of every kind", async () => {
      const { served } = fresh.database
      const repositories = [pulled("docker.io/library/nginx", 2), pulled("team/app", 1)]
      const first = count(1_000, { ...some, upstreams: [hub], repositories })
      await served.add([first])
      await served.add([first, count(1_001, { requests: 1, upstreams: [{ ...hub, host: "quay.io" }] }), first])
      const thrice = <T extends object>(tally: T) =>
        Object.fromEntries(Object.entries(tally).map(([name, value]) => [name, typeof value === "number" ? value * 3 : value]))
      const { steps, upstreams } = await served.tallies([1_000, 1_001, 1_002, 1_003])
      expect(steps).toEqual([thrice(some), { ...none, requests: 1 }, none])
      expect(new Set(upstreams)).toEqual(new Set([thrice(hub), { ...hub, host: "quay.io" }]))
      expect(await served.mostPulled({ since: 41, until: 42, limit: 10 })).toEqual(repositories.map(thrice))
    })

    test("steps have as many hours as they are given, and whatever lies outside is not in them", async () => {
      const { served } = fresh.database
      const hours = [99, 100, 101, 123, 124, 150, 151]
      await served.add(hours.map((hour) => count(hour, { requests: 1, upstreams: [{ ...hub, requests: 1 }] })))
      const { steps, upstreams } = await served.tallies([100, 102, 124, 151])
      expect(steps.map(({ requests }) => requests)).toEqual([2, 1, 2])
      expect(upstreams.map(({ requests }) => requests)).toEqual([5])
    })

    test("upstreams of a span have its hours and no others, wherever days begin in it", async () => {
      const { served } = fresh.database
      for (let hour = 2_390; hour < 2_480; hour++) await served.add([count(hour, { upstreams: [{ ...hub, requests: 1 }] })])
      for (const [from, until] of [
        [2_400, 2_424],
        [2_401, 2_424],
        [2_400, 2_425],
        [2_399, 2_449],
        [2_401, 2_423],
        [2_423, 2_425],
        [2_390, 2_480],
      ] as const) {
        const { upstreams } = await served.tallies([from, until])
        expect([from, until, ...upstreams.map(({ requests }) => requests)]).toEqual([from, until, until - from])
      }
      expect((await served.tallies([2_480, 2_500])).upstreams).toEqual([])
    })

    test("the most pulled come first, at most so many", async () => {
      const { served } = fresh.database
      const repositories = [pulled("a", 1, 5), pulled("b", 3, 1), pulled("c", 3, 2), pulled("d", 0, 9)]
      await served.add([count(24, { repositories })])
      const names = async (limit: number) =>
        (await served.mostPulled({ since: 1, until: 2, limit })).map(({ repository }) => repository)
      expect(await names(10)).toEqual(["c", "b", "a", "d"])
      expect(await names(2)).toEqual(["c", "b"])
    })

    test("days are of UTC, and a span has its days and no others, wherever months begin in it", async () => {
      const { served } = fresh.database
      const [first, last] = [dayOf("2023-12-20"), dayOf("2024-03-10")]
      for (let day = first; day < last; day++) {
        await served.add([
          count(day * 24, { repositories: [pulled("app", 1)] }),
          count(day * 24 + 23, { repositories: [pulled("app", 1)] }),
        ])
      }
      for (const [since, until] of [
        ["2024-01-01", "2024-02-01"],
        ["2024-02-01", "2024-03-01"],
        ["2023-12-31", "2024-03-01"],
        ["2024-01-01", "2024-03-02"],
        ["2024-01-02", "2024-02-29"],
        ["2024-01-31", "2024-02-01"],
        ["2023-12-20", "2024-03-10"],
        ["2024-02-10", "2024-02-11"],
      ] as const) {
        const days = dayOf(until) - dayOf(since)
        const most = await served.mostPulled({ since: dayOf(since), until: dayOf(until), limit: 10 })
        expect([since, until, ...most]).toEqual([since, until, pulled("app", days * 2)])
      }
      expect(await served.mostPulled({ since: last, until: last + 400, limit: 10 })).toEqual([])
      expect(await served.mostPulled({ since: last, until: first, limit: 10 })).toEqual([])
    })

    test("a database from before there were counts has what its access log tells", async () => {
      const { accessLog } = fresh.database
      const hour = dayOf("2024-02-29") * 24 + 23
      const get = { user: "", address: "", method: "GET", durationMs: 1, upstream: null, userAgent: "", status: 200, cache: null }
      const nginx = { ...get, at: hour * 3_600_000 + 5, repository: "docker.io/library/nginx" }
      const byTag = { ...nginx, action: "pull", reference: "latest", bytes: 10 }
      const byDigest = { ...byTag, reference: "sha256:abc", cache: "hit", bytes: 100 }
      await accessLog.append([
        { ...byTag, method: "HEAD", cache: "revalidated", bytes: 0 },
        { ...byTag, cache: "stale" },
        byDigest,
        { ...byDigest, action: "blob", cache: "miss", status: 206, bytes: 1_000 },
        { ...byTag, status: 404, cache: "miss", bytes: 20 },
        { ...byTag, status: 403, bytes: 0 },
        { ...byTag, status: 502, bytes: 0 },
        { ...byTag, action: "login", status: 401, bytes: 50 },
        { ...byTag, action: "push", method: "PUT", status: 201, bytes: 7 },
        { ...byTag, at: nginx.at + 3_600_000, status: 304, cache: "hit", bytes: 0 },
      ])
      const made = [
        "repository_days",
        "repository_months",
        "pulled_repositories",
        "served_hours",
        "upstream_hours",
        "upstream_days",
      ]
      for (const table of [...made, "care_runs", "webhook_deliveries", "webhooks"])
        await fresh.storage.execute(`drop table ${table}`)
      await fresh.storage.execute("delete from counters where name in ('access log', 'webhooks')")
      await fresh.storage.execute("delete from migrations where name = 'administration'")
      const { served } = await fresh.storage.open()
      const counted = { requests: 8, pulls: 2, refused: 2, failures: 1, hits: 2, stale: 1, misses: 1, bytesSent: 1_130 }
      const { steps, upstreams } = await served.tallies([hour - 1, hour, hour + 1, hour + 2])
      expect(steps).toEqual([none, { ...none, ...counted, bytesPushed: 7 }, { ...none, requests: 1, pulls: 1, hits: 1 }])
      expect(upstreams).toEqual([])
      const [before, after] = [dayOf("2024-02-01"), dayOf("2024-03-01")]
      const most = (since: number, until: number) => served.mostPulled({ since, until, limit: 9 })
      const { repository } = nginx
      expect(await most(before, after)).toEqual([{ repository, pulls: 2, bytesSent: 1_110 }])
      expect(await most(after - 1, after)).toEqual([{ repository, pulls: 2, bytesSent: 1_110 }])
      expect(await most(after, after + 31)).toEqual([{ repository, pulls: 1, bytesSent: 0 }])
      expect(await most(before + 1, after + 1)).toEqual([{ repository, pulls: 3, bytesSent: 1_110 }])
      await served.add([count(hour, { requests: 1, repositories: [pulled(repository, 1, 0)] })])
      expect((await served.tallies([hour, hour + 1])).steps).toMatchObject([{ requests: 9 }])
      expect(await most(before, after)).toMatchObject([{ pulls: 3 }])
    })

    test("processes that add to the same hour at once lose nothing", async () => {
      const other = (await fresh.storage.open()).served
      const { served } = fresh.database
      const names = Array.from({ length: 150 }, (_, index) => `repository-${index}`)
      const one = count(500, { ...some, upstreams: [hub], repositories: names.map((name) => pulled(name, 1)) })
      const reversed = { ...one, repositories: [...one.repositories].reverse() }
      await Promise.all(Array.from({ length: 5 }, () => [served.add([one]), other.add([reversed])]).flat())
      const { steps, upstreams } = await served.tallies([500, 501])
      expect([steps[0]?.requests, upstreams[0]?.waitMs]).toEqual([100, 2_000])
      const most = await served.mostPulled({ since: 20, until: 21, limit: 200 })
      expect([most.length, new Set(most.map(({ pulls }) => pulls))]).toEqual([150, new Set([10])])
    })
  })
}
