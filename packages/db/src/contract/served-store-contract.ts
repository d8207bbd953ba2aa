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
