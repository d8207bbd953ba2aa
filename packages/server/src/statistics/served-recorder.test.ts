import type { RepositoryTally, ServedCount, ServedTally, UpstreamTally } from "@entrepot/db/stores"
import type { AccessEntry, MeteredUpstream } from "@entrepot/registry"
import { expect, onTestFinished, test, vi } from "vitest"
import { createServedRecorder, type ServedRecorderOptions } from "./served-recorder.ts"

const hourMs = 3_600_000
const hub: MeteredUpstream = { id: 1, name: "hub", registry: "docker.io", host: "hub.example" }

const pulled: AccessEntry = {
  at: 0,
  user: "",
  address: "127.0.0.1",
  action: "pull",
  method: "GET",
  repository: "team/app",
  reference: "v1",
  status: 200,
  bytes: 100,
  durationMs: 3,
  cache: "hit",
  upstream: null,
  userAgent: "test",
}

const none: ServedTally = {
  ...{ requests: 0, pulls: 0, refused: 0, failures: 0, hits: 0, stale: 0, misses: 0 },
  ...{ bytesSent: 0, bytesPushed: 0, bytesFetched: 0 },
}

/** What the store was given, in order, and whether it takes it. */
function recording(options: Partial<ServedRecorderOptions> = {}) {
  const added: ServedCount[] = []
  const warnings: string[] = []
  const state = { now: 5 * hourMs, isDown: false }
  const recorder = createServedRecorder({
    store: {
      async add(counts) {
        if (state.isDown) throw new Error("the database is away")
        added.push(...structuredClone(counts))
      },
    },
    log: { warn: (fields, message) => void warnings.push("requests" in fields ? `${message}: ${fields.requests}` : message) },
    now: () => state.now,
    flushMs: 3_600_000,
    ...options,
  })
  onTestFinished(() => recorder.close())
  const count = async (...entries: readonly Partial<AccessEntry>[]): Promise<ServedTally> => {
    for (const entry of entries) recorder.request({ ...pulled, ...entry })
    await recorder.flush()
    const {
      hour: _,
      upstreams: __,
      repositories: ___,
      ...tally
    } = added.at(-1) ?? { hour: 0, upstreams: [], repositories: [], ...none }
    return tally
  }
  return { recorder, added, warnings, state, count }
}

const sumOf = (added: readonly ServedCount[], name: keyof ServedTally) => added.reduce((sum, count) => sum + count[name], 0)

test.each<[string, Partial<AccessEntry>, Partial<ServedTally>]>([
  ["an image by its tag", {}, { pulls: 1, hits: 1, bytesSent: 100 }],
  ["what a tag names, asked for by HEAD", { method: "HEAD", bytes: 0, cache: "miss" }, { pulls: 1 }],
  ["a tag that the client knows", { status: 304, bytes: 0 }, { pulls: 1, hits: 1 }],
  ["a manifest by its digest", { reference: "sha256:00", cache: "revalidated" }, { hits: 1, bytesSent: 100 }],
  ["a manifest that came from an upstream", { reference: "sha256:00", cache: "miss" }, { misses: 1, bytesSent: 100 }],
  ["an old tag, since no upstream answered", { cache: "stale" }, { pulls: 1, hits: 1, stale: 1, bytesSent: 100 }],
  ["a blob", { action: "blob", reference: "sha256:00" }, { hits: 1, bytesSent: 100 }],
  ["a part of a blob", { action: "blob", reference: "sha256:00", status: 206, cache: "miss" }, { misses: 1, bytesSent: 100 }],
  ["a blob that the client did not wait for", { action: "blob", reference: "sha256:00", status: 499 }, { bytesSent: 100 }],
  ["a tag that is not there", { status: 404, cache: null }, { bytesSent: 100 }],
  ["an upstream that could not be asked", { status: 502, cache: "miss" }, { failures: 1, bytesSent: 100 }],
  ["the way to a login", { status: 401, cache: null }, { bytesSent: 100 }],
  ["somebody without the right", { status: 403, cache: null }, { refused: 1, bytesSent: 100 }],
  ["somebody who is to wait", { status: 429, cache: null }, { refused: 1, bytesSent: 100 }],
  ["a push", { action: "push", method: "PATCH", status: 202, cache: null }, { bytesPushed: 100 }],
  ["a list", { action: "list", cache: null }, { bytesSent: 100 }],
])("%s is counted for what it is", async (_, entry, expected) => {
  const { count } = recording()
  expect(await count(entry)).toEqual({ ...none, requests: 1, ...expected })
})

test("logins are no requests; those that are refused are told all the same", async () => {
  const { count } = recording()
  const login = { action: "login", cache: null } as const
  expect(await count(login, { ...login, status: 401 }, { ...login, status: 503 })).toEqual({ ...none, refused: 1, failures: 1 })
})

test("what upstreams did is told by host, what was pulled by repository, and each hour for itself", async () => {
  const { recorder, added, state } = recording()
  recorder.request(pulled)
  recorder.request({ ...pulled, action: "blob", reference: "sha256:00", bytes: 900 })
  recorder.request({ ...pulled, repository: "team/other", method: "HEAD", bytes: 0 })
  recorder.request({ ...pulled, repository: "no/such", status: 404 })
  recorder.upstreamAnswered(hub, 20)
  recorder.upstreamAnswered(hub, 10)
  recorder.upstreamFailed(hub, "network")
  recorder.upstreamSent(hub, 7)
  recorder.upstreamSent(hub, 8)
  state.now += hourMs
  recorder.upstreamSent({ ...hub, host: "other.example" }, 9)
  await recorder.flush()
  const upstreams: readonly UpstreamTally[] = [{ host: "hub.example", requests: 3, failures: 1, waitMs: 30, bytesFetched: 15 }]
  const repositories: readonly RepositoryTally[] = [
    { repository: "team/app", pulls: 1, bytesSent: 1_000 },
    { repository: "team/other", pulls: 1, bytesSent: 0 },
  ]
  const tally = { ...none, requests: 4, pulls: 2, hits: 2, bytesSent: 1_100, bytesFetched: 15 }
  const later = { host: "other.example", requests: 0, failures: 0, waitMs: 0, bytesFetched: 9 }
  expect(added).toEqual([
    { hour: 5, ...tally, upstreams, repositories },
    { hour: 6, ...none, bytesFetched: 9, upstreams: [later], repositories: [] },
  ])
})

test("what the store does not take is kept and told later, once, and that it fails is said once", async () => {
  const { recorder, added, warnings, state } = recording()
  state.isDown = true
  recorder.request(pulled)
  await recorder.flush()
  recorder.request(pulled)
  recorder.upstreamSent(hub, 5)
  await recorder.flush()
  state.now += hourMs
  recorder.request(pulled)
  await recorder.flush()
  expect([added, warnings]).toEqual([[], ["statistics of the registry cannot be written; they are tried again"]])
  state.isDown = false
  await recorder.flush()
  await recorder.flush()
  expect(added.map(({ hour, requests, bytesFetched, repositories }) => [hour, requests, bytesFetched, repositories])).toEqual([
    [5, 2, 5, [{ repository: "team/app", pulls: 2, bytesSent: 200 }]],
    [6, 1, 0, [{ repository: "team/app", pulls: 1, bytesSent: 100 }]],
  ])
})

test("what was told of before the store failed is not told again", async () => {
  const given: ServedCount[] = []
  let left = 1
  const add = async (counts: readonly ServedCount[]) => {
    if (left-- === 0) throw new Error("the database is away")
    given.push(...structuredClone(counts))
  }
  const { recorder, state } = recording({ store: { add } })
  recorder.request(pulled)
  state.now += hourMs
  recorder.request(pulled)
  await recorder.flush()
  recorder.request(pulled)
  await recorder.flush()
  expect(given.map(({ hour, requests }) => [hour, requests])).toEqual([
    [5, 1],
    [6, 2],
  ])
})

test("what comes while the store is slow is counted, and waits for no one", async () => {
  const doors: (() => void)[] = []
  const given: ServedCount[] = []
  const add = async (counts: readonly ServedCount[]) => {
    given.push(...structuredClone(counts))
    await new Promise<void>((open) => doors.push(open))
  }
  const { recorder } = recording({ store: { add } })
  recorder.request(pulled)
  const flushed = recorder.flush()
  await vi.waitFor(() => expect(doors.length).toBe(1))
  recorder.request(pulled)
  recorder.request(pulled)
  doors[0]?.()
  await flushed
  const again = recorder.flush()
  await vi.waitFor(() => expect(doors.length).toBe(2))
  doors[1]?.()
  await again
  expect(given.map(({ requests }) => requests)).toEqual([1, 2])
})

test("repositories beyond the most of an hour are counted without their names, and the store gets a few hundred at a time", async () => {
  const { recorder, added, state } = recording({ mostRepositories: 1_200 })
  const pull = (from: number, to: number) => {
    for (let number = from; number < to; number++) recorder.request({ ...pulled, repository: `team/app-${number}` })
  }
  pull(0, 900)
  await recorder.flush()
  pull(0, 2_000)
  await recorder.flush()
  expect(added.map(({ requests, repositories }) => [requests, repositories.length])).toEqual([
    [900, 500],
    [0, 400],
    [2_000, 500],
    [0, 500],
    [0, 201],
  ])
  const names = added.flatMap(({ repositories }) => repositories)
  expect(names.filter(({ repository }) => repository === "")).toEqual([{ repository: "", pulls: 800, bytesSent: 80_000 }])
  expect([sumOf(added, "pulls"), names.reduce((sum, { pulls }) => sum + pulls, 0)]).toEqual([2_900, 2_900])
  state.now += hourMs
  pull(5_000, 5_001)
  await recorder.flush()
  expect(added.at(-1)?.repositories).toEqual([{ repository: "team/app-5000", pulls: 1, bytesSent: 100 }])
})

test("a store that is away for days costs no more than a day's repositories, and no count", async () => {
  const { recorder, added, state } = recording()
  state.isDown = true
  for (let hour = 0; hour < 30; hour++) {
    recorder.request(pulled)
    await recorder.flush()
    state.now += hourMs
  }
  state.isDown = false
  await recorder.flush()
  const named = added.filter(({ repositories }) => repositories[0]?.repository === "team/app")
  expect([added.length, named.length, named[0]?.hour, sumOf(added, "pulls")]).toEqual([30, 24, 11, 30])
})

test("closing writes what waits; what is not taken in time is told as missing", async () => {
  const well = recording()
  well.recorder.request(pulled)
  await well.recorder.close()
  expect([sumOf(well.added, "requests"), well.warnings]).toEqual([1, []])
  const stuck = recording({ store: { add: () => new Promise(() => undefined) }, closeMs: 20 })
  stuck.recorder.request(pulled)
  await stuck.recorder.close()
  expect(stuck.warnings).toEqual(["requests are missing from the statistics: the database did not take them: 1"])
})

test("what was counted is written by itself", async () => {
  const { recorder, added } = recording({ flushMs: 5 })
  recorder.request(pulled)
  await vi.waitFor(() => expect(sumOf(added, "requests")).toBe(1))
  recorder.request(pulled)
  await vi.waitFor(() => expect(sumOf(added, "requests")).toBe(2))
})
