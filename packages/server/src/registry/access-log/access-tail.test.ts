import type { AccessLogStore, AccessRecord } from "@entrepot/db/stores"
import { PseudoRandom } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { openTestStores } from "../../accounts/accounts.fixture.ts"
import type { AccessFilter, AccessNews } from "./access-log-service.ts"
import { AccessTail } from "./access-tail.ts"
import { matchesFilter } from "./matches-filter.ts"

const plain: Omit<AccessRecord, "id"> = {
  ...{ at: 1000, user: "", address: "192.0.2.1", action: "pull", method: "GET", repository: "team/app", reference: "1" },
  ...{ status: 200, bytes: 10, durationMs: 1, cache: "hit", upstream: null, userAgent: "docker" },
}

const entries = (count: number, more: Partial<AccessRecord> = {}) => Array.from({ length: count }, () => ({ ...plain, ...more }))

async function opened() {
  const test = await openTestStores()
  onTestFinished(() => test[Symbol.asyncDispose]())
  const { accessLog } = test.stores
  const reads: number[] = []
  const store: Pick<AccessLogStore, "newest" | "lastId"> = {
    lastId: () => accessLog.lastId(),
    newest: (after, limit) => {
      reads.push(limit)
      return accessLog.newest(after, limit)
    },
  }
  return {
    accessLog,
    reads,
    store,
    logged: test.logged,
    log: test.log,
    tail: new AccessTail({ store, log: test.log, everyMs: 10 }),
  }
}

/** Follows in the background; goes with the test. */
function following(tail: AccessTail, filter: AccessFilter = {}, after?: number) {
  const stop = new AbortController()
  const news: AccessNews[] = []
  const done = (async () => {
    for await (const each of tail.follow(filter, after, stop.signal)) news.push(each)
  })()
  const leave = async () => {
    stop.abort()
    await done
  }
  onTestFinished(leave)
  const ids = () => news.flatMap((each) => each.entries.map(({ id }) => id))
  return { news, ids, leave, begun: () => expect.poll(() => news.length, { interval: 5 }).toBeGreaterThan(0) }
}

test("a follower is told of what matches its filter, as the list would be: over random entries", async () => {
  const { accessLog } = await opened()
  const random = new PseudoRandom("access log")
  let drawn = 0
  const one = <T>(...of: readonly [T, ...T[]]): T => of[random.bytes(drawn++, 1).readUInt8() % of.length] ?? of[0]
  const made = Array.from({ length: 300 }, (_, at) => ({
    ...{
      ...plain,
      at: 1000 + at,
      user: one("", "ann", "ann "),
      address: one("192.0.2.1", "::1"),
      action: one("pull", "blob", "push"),
    },
    ...{
      repository: one("", "team", "team/app", "team/app/x", "team0", "teams/app", "Team/app"),
      status: one(0, 99, 200, 304, 399, 400, 404, 500),
    },
    cache: one(null, "hit", "miss"),
  }))
  await accessLog.append(made)
  const all = await accessLog.list({ limit: 500 })
  for (let tries = 0; tries < 60; tries++) {
    const filter: AccessFilter = {
      ...one({}, { user: one("", "ann", "nobody") }, {}),
      ...one({}, {}, { address: one("192.0.2.1", "::1") }),
      ...one({}, {}, { action: one("pull", "push", "delete") }),
      ...one({}, { repository: one("team/app", "team/", "team", "", "/", "team/app/") }),
      ...one({}, {}, { cache: one("hit", "stale") }),
      ...one({}, { status: one(2, 3, 4, 5, 9, 99, 200, 404, 418) }),
    }
    const listed = await accessLog.list({ ...filter, limit: 500 })
    expect([filter, all.filter((entry) => matchesFilter(entry, filter)).map(({ id }) => id)]).toEqual([
      filter,
      listed.map(({ id }) => id),
    ])
  }
})

test("whoever follows is told of what comes from then on; each entry once, the newest first, and of many the newest", async () => {
  const { accessLog, tail } = await opened()
  await accessLog.append(entries(3))
  const [everything, pushes] = [following(tail), following(tail, { action: "push" })]
  await Promise.all([everything.begun(), pushes.begun()])
  expect(everything.news).toEqual([{ lastId: 3, entries: [], hasMore: false }])
  await accessLog.append([...entries(2), ...entries(1, { action: "push" })])
  await expect.poll(() => everything.ids(), { interval: 5 }).toEqual([6, 5, 4])
  await expect.poll(() => pushes.ids(), { interval: 5 }).toEqual([6])
  await accessLog.append(entries(700))
  await expect.poll(() => everything.news.at(-1)?.hasMore, { interval: 5 }).toBe(true)
  expect(everything.news.at(-1)).toMatchObject({ lastId: 706, entries: { length: 200 } })
  expect(everything.ids().slice(3, 5)).toEqual([706, 705])
  // Nothing of that is for this one, which is told how far it has come.
  await expect.poll(() => pushes.news.at(-1), { interval: 5 }).toEqual({ lastId: 706, entries: [], hasMore: false })
})

test("fault 49: whoever comes back goes on after the last entry it was told of", async () => {
  const { accessLog, tail } = await opened()
  await accessLog.append([...entries(4), ...entries(2, { user: "ann" })])
  const [first, ann] = [following(tail, {}, 3), following(tail, { user: "ann" }, 1)]
  await Promise.all([first.begun(), ann.begun()])
  expect(first.news[0]).toMatchObject({ lastId: 6, entries: [{ id: 6 }, { id: 5 }, { id: 4 }], hasMore: false })
  expect(ann.ids()).toEqual([6, 5])
  await accessLog.append(entries(1))
  await expect.poll(() => first.ids(), { interval: 5 }).toEqual([6, 5, 4, 7])
  await first.leave()
  await accessLog.append(entries(1500))
  const late = following(tail, {}, 7)
  await late.begun()
  expect(late.news[0]).toMatchObject({ hasMore: true, entries: { length: 200 } })
})

test("the table is read once however many follow, and not at all when nobody does", async () => {
  const { accessLog, reads, tail } = await opened()
  await accessLog.append(entries(1))
  const all = Array.from({ length: 20 }, () => following(tail))
  await Promise.all(all.map(({ begun }) => begun()))
  await accessLog.append(entries(1))
  await Promise.all(all.map(({ ids }) => expect.poll(ids, { interval: 5 }).toEqual([2])))
  const before = reads.length
  await expect.poll(() => reads.length).toBeGreaterThan(before + 2)
  expect(new Set(reads)).toEqual(new Set([201]))
  await Promise.all(all.map(({ leave }) => leave()))
  await new Promise((resolve) => setTimeout(resolve, 50))
  const idle = reads.length
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(reads.length).toBe(idle)
  await accessLog.append(entries(1))
  const again = following(tail)
  await again.begun()
  await accessLog.append(entries(1))
  await expect.poll(() => again.ids(), { interval: 5 }).toEqual([4])
})

test("whoever was told of more than there is, before a backup came back, is told of what comes", async () => {
  const { accessLog, tail } = await opened()
  await accessLog.append(entries(2))
  const follower = following(tail, {}, 1_000_000)
  await follower.begun()
  await accessLog.append(entries(1))
  await expect.poll(() => follower.ids(), { interval: 5 }).toEqual([3])
})

test("a database that does not answer is asked again, and complained of once", async () => {
  const { accessLog, store, log, logged } = await opened()
  let isDown = false
  const unsteady = {
    ...store,
    newest: (after: number, limit: number) => (isDown ? Promise.reject(new Error("gone")) : store.newest(after, limit)),
  }
  let asked = 0
  const counted = {
    ...unsteady,
    newest: (after: number, limit: number) => {
      asked++
      return unsteady.newest(after, limit)
    },
  }
  const follower = following(new AccessTail({ store: counted, log, everyMs: 5 }))
  await follower.begun()
  isDown = true
  await accessLog.append(entries(1))
  const before = asked
  await expect.poll(() => asked).toBeGreaterThan(before + 3)
  isDown = false
  await expect.poll(() => follower.ids(), { interval: 5 }).toEqual([1])
  expect(logged().match(/could not be read for those who follow it/g)).toHaveLength(1)
})
