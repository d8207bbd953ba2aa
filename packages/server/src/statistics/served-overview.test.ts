import type { ServedCount, ServedTally } from "@entrepot/db/stores"
import { expect, test } from "vitest"
import { testActor, testRuntime } from "../runtime/runtime.fixture.ts"
import { createStatisticsService } from "./create-statistics-service.ts"

const hourOf = (time: string) => Date.parse(time) / 3_600_000
const none: ServedTally = {
  ...{ requests: 0, pulls: 0, refused: 0, failures: 0, hits: 0, stale: 0, misses: 0 },
  ...{ bytesSent: 0, bytesPushed: 0, bytesFetched: 0 },
}

const count = (time: string, more: Partial<ServedCount>): ServedCount => ({
  ...{ hour: hourOf(time), ...none, upstreams: [], repositories: [] },
  ...more,
})

/** A runtime whose store holds these counts, with an administrator. */
async function served(...counts: readonly ServedCount[]) {
  const runtime = await testRuntime()
  const { database } = runtime
  await database.served.add(counts)
  const service = createStatisticsService({ stores: database, now: () => Date.parse("2024-01-17T09:00Z") })
  return { runtime, database, service, admin: await testActor(runtime, "admin") }
}

const january = { since: Date.parse("2024-01-15T00:00Z"), until: Date.parse("2024-01-16T00:00Z"), step: "day" } as const

test("what was served is told step by step, empty ones too, by the days of a time zone", async () => {
  const full: ServedTally = {
    ...{ requests: 10, pulls: 4, refused: 1, failures: 2, hits: 5, stale: 1, misses: 3 },
    ...{ bytesSent: 100, bytesPushed: 20, bytesFetched: 50 },
  }
  const { service, admin } = await served(
    count("2024-01-14T15:00Z", full),
    count("2024-01-14T16:00Z", full),
    count("2024-01-15T15:00Z", { ...none, requests: 1 }),
    count("2024-01-17T08:00Z", { ...none, pulls: 2 }),
  )
  const query = { since: Date.parse("2024-01-15T08:00Z"), step: "day", timeZone: "Asia/Shanghai" } as const
  expect(await service.served(admin, query)).toEqual({
    since: Date.parse("2024-01-14T16:00Z"),
    until: Date.parse("2024-01-17T16:00Z"),
    step: "day",
    totals: { ...full, requests: 11, pulls: 6 },
    steps: [
      { at: Date.parse("2024-01-14T16:00Z"), ...full, requests: 11 },
      { at: Date.parse("2024-01-15T16:00Z"), ...none },
      { at: Date.parse("2024-01-16T16:00Z"), ...none, pulls: 2 },
    ],
    upstreams: [],
    repositories: [],
  })
})

test("upstreams come slowest first, those that never answered before them, ten at most, and to administrators alone", async () => {
  const upstream = (host: string, requests: number, failures: number, waitMs: number) => ({
    ...{ host, requests, failures, waitMs, bytesFetched: 7 },
  })
  const slow = Array.from({ length: 9 }, (_, number) => upstream(`u${number}.example`, 3, 1, 200 + 2 * number))
  const { runtime, service, admin } = await served(
    count("2024-01-15T08:00Z", { upstreams: [...slow, upstream("down.example", 2, 2, 0), upstream("sending.example", 0, 0, 0)] }),
    count("2024-01-15T09:00Z", { upstreams: [upstream("u0.example", 1, 0, 1_000)] }),
  )
  const { upstreams } = await service.served(admin, january)
  const told = (host: string, waitMs: number) => ({ host, requests: 3, failures: 1, waitMs, bytesFetched: 7 })
  expect(upstreams).toEqual([
    { host: "down.example", requests: 2, failures: 2, waitMs: null, bytesFetched: 7 },
    { host: "u0.example", requests: 4, failures: 1, waitMs: 400, bytesFetched: 14 },
    ...[8, 7, 6, 5, 4, 3, 2, 1].map((number) => told(`u${number}.example`, 100 + number)),
  ])
  for (const role of ["operator", "viewer"] as const) {
    const { totals, upstreams } = await service.served(await testActor(runtime, role), january)
    expect([totals, upstreams]).toEqual([none, []])
  }
  const key = { ...admin, via: "key", scopes: ["jobs:read"] } as const
  expect((await service.served(key, january)).upstreams).toEqual([])
})

test("S13: of what was pulled everybody is told the repositories that they may see, and of the others not the name", async () => {
  const tally = (repository: string, pulls: number) => ({ repository, pulls, bytesSent: pulls * 10 })
  const hidden = Array.from({ length: 120 }, (_, number) => tally(`team/app-${number}`, 1_000 + number))
  const own = [
    tally("docker.io/private/app", 90),
    tally("open/app", 80),
    tally("docker.io/library/nginx", 70),
    tally("gone/app", 60),
  ]
  const { runtime, database, service, admin } = await served(
    count("2024-01-15T08:00Z", { repositories: [tally("", 9_999), ...hidden, ...own] }),
  )
  const { warehouse, projects } = database
  for (const name of ["team", "open"]) {
    const isPublic = name === "open"
    const { id: projectId } = await projects.create({ name, isPublic, ownerId: admin.userId, targetId: null, path: "" }, 1)
    const hosted = name === "team" ? hidden.slice(-1).map(({ repository }) => repository) : ["open/app"]
    for (const each of hosted) await warehouse.ensureRepository({ name: each, projectId, registry: null }, 1)
  }
  for (const name of ["docker.io/private/app", "docker.io/library/nginx"]) {
    const { id } = await warehouse.ensureRepository({ name, projectId: null, registry: "docker.io" }, 1)
    await warehouse.setShared(id, name !== "docker.io/private/app")
  }
  const told = async (actor: typeof admin) => {
    const { repositories } = await service.served(actor, january)
    return repositories.map(({ repository, pulls, bytesSent }) => `${repository} ${pulls} ${bytesSent}`)
  }
  expect(await told(admin)).toEqual(
    Array.from({ length: 10 }, (_, at) => `team/app-${119 - at} ${1_119 - at} ${11_190 - at * 10}`),
  )
  const ann = await testActor(runtime, "operator", "ann")
  expect(await told(ann)).toEqual(["open/app 80 800", "docker.io/library/nginx 70 700"])
  const team = await projects.byName("team")
  await runtime.services.pullAccess.putMember(admin, {
    ...{ projectId: team?.id ?? 0, kind: "web-user", memberId: ann.userId, role: "pull" },
  })
  expect(await told(ann)).toEqual(["team/app-119 1119 11190", "open/app 80 800", "docker.io/library/nginx 70 700"])
})

test("who may look at nothing is told nothing, and what cannot be told is refused", async () => {
  const { service, admin } = await served()
  const ticket = { ...admin, via: "ticket", jobId: 1 } as const
  await expect(service.served(ticket, january)).rejects.toMatchObject({ code: "forbidden" })
  await expect(service.served(admin, { ...january, timeZone: "Mars/Olympus" })).rejects.toMatchObject({
    code: "invalid",
    message: "this time zone is not known; Asia/Shanghai is one",
  })
})
