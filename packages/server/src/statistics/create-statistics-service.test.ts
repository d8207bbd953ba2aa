import type { Database, JobResult } from "@entrepot/db/stores"
import { expect, test } from "vitest"
import { testActor, testRuntime } from "../runtime/runtime.fixture.ts"
import { createStatisticsService } from "./create-statistics-service.ts"

const hourMs = 3_600_000
const none = { succeeded: 0, unchanged: 0, failed: 0, cancelled: 0, bytesSent: 0, bytesSkipped: 0 }

interface End extends Partial<JobResult> {
  readonly ownerId?: number
  readonly sourceHost?: string
  readonly targetHost?: string
  /** Sent, and how long that took. */
  readonly bytes?: number
  readonly ms?: number
}

/** A job of a terminal that ends at that time: no runner takes it. */
async function end({ jobs }: Database, time: string, { ownerId = 1, sourceHost = "docker.io", ...more }: End = {}) {
  const { targetHost = "harbor.example.com", bytes = 0, ms = 0, ...result } = more
  const request = { source: "docker://nginx:1", target: "docker://harbor.example.com/nginx:1", engine: "direct" } as const
  const names = { source: "nginx:1", target: "harbor.example.com/nginx:1", sourceHost, targetHost }
  const lease = await jobs.createRunning({ ownerId, ...names, request, priority: 0 }, "terminal-of-the-test", Date.now())
  const totals = { bytesSent: bytes, bytesSkipped: 7, blobsSent: 1, blobsSkipped: 1, blobsMounted: 0, durationMs: ms }
  await jobs.finish(lease, { at: Date.parse(time), state: "succeeded", events: [], totals, ...result })
}

async function statistics(now = "2024-01-17T09:00Z") {
  const { database } = await testRuntime()
  const service = createStatisticsService({ stores: database, now: () => Date.parse(now) })
  return { database, service }
}

const admin = {
  userId: 1,
  name: "admin",
  role: "admin",
  via: "session",
  mustChange: false,
  credentialId: "",
  address: "",
} as const

test("what ended is told step by step, empty ones too, with its totals", async () => {
  const { database, service } = await statistics()
  await end(database, "2024-01-14T15:59:59Z", { bytes: 999, ms: 1 })
  await end(database, "2024-01-14T16:00Z", { bytes: 3_000, ms: 1_000 })
  await end(database, "2024-01-15T15:59Z", { state: "failed" })
  await end(database, "2024-01-17T08:00Z", { unchanged: true })
  const query = { since: Date.parse("2024-01-15T08:00Z"), step: "day", timeZone: "Asia/Shanghai" } as const
  expect(await service.overview(admin, query)).toEqual({
    since: Date.parse("2024-01-14T16:00Z"),
    until: Date.parse("2024-01-17T16:00Z"),
    step: "day",
    totals: {
      succeeded: 1,
      unchanged: 1,
      failed: 1,
      cancelled: 0,
      bytesSent: 3_000,
      bytesSkipped: 21,
      copyMs: 1_000,
      copyBytes: 3_000,
    },
    steps: [
      { ...none, at: Date.parse("2024-01-14T16:00Z"), succeeded: 1, failed: 1, bytesSent: 3_000, bytesSkipped: 14 },
      { ...none, at: Date.parse("2024-01-15T16:00Z") },
      { ...none, at: Date.parse("2024-01-16T16:00Z"), unchanged: 1, bytesSkipped: 7 },
    ],
    hosts: [
      {
        host: "docker.io",
        side: "source",
        jobs: 3,
        failed: 1,
        bytesSent: 3_000,
        bytesPerSecond: 3_000,
        speeds: [3_000, null, null],
      },
      {
        host: "harbor.example.com",
        side: "target",
        jobs: 3,
        failed: 1,
        bytesSent: 3_000,
        bytesPerSecond: 3_000,
        speeds: [3_000, null, null],
      },
    ],
  })
})

test("a day on which Berlin's clocks change has what ended in its 23 or 25 hours", async () => {
  const { database, service } = await statistics("2024-10-28T12:00Z")
  for (let hour = Date.parse("2024-10-26T00:00Z"); hour < Date.parse("2024-10-29T00:00Z"); hour += hourMs) {
    await end(database, new Date(hour).toISOString())
  }
  const query = { since: Date.parse("2024-10-26T12:00Z"), step: "day", timeZone: "Europe/Berlin" } as const
  const { steps } = await service.overview(admin, query)
  expect(steps.map(({ succeeded }) => succeeded)).toEqual([22, 25, 24])
})

test("a registry's speed is the mean of what was copied, and the slowest come first, ten of each side", async () => {
  const { database, service } = await statistics("2024-01-15T02:00Z")
  for (let number = 1; number <= 11; number += 1) {
    await end(database, "2024-01-15T00:30Z", { sourceHost: `r${number}.example`, bytes: number * 1_000, ms: 1_000 })
  }
  await end(database, "2024-01-15T01:30Z", { sourceHost: "r2.example", bytes: 9_000, ms: 1_000 })
  await end(database, "2024-01-15T01:30Z", { sourceHost: "down.example", targetHost: "", state: "failed", ms: 90_000 })
  await end(database, "2024-01-15T01:30Z", { sourceHost: "", targetHost: "" })
  const { hosts } = await service.overview(admin, { since: Date.parse("2024-01-15T00:00Z"), step: "hour" })
  const sources = hosts.filter(({ side }) => side === "source")
  expect(sources.map(({ host, bytesPerSecond }) => [host, bytesPerSecond])).toEqual([
    ["r1.example", 1_000],
    ["r3.example", 3_000],
    ["r4.example", 4_000],
    ["r5.example", 5_000],
    ["r2.example", 5_500],
    ["r6.example", 6_000],
    ["r7.example", 7_000],
    ["r8.example", 8_000],
    ["r9.example", 9_000],
    ["r10.example", 10_000],
  ])
  expect(sources[4]).toMatchObject({ jobs: 2, failed: 0, bytesSent: 11_000, speeds: [2_000, 9_000] })
  expect(hosts.filter(({ side }) => side === "target")).toMatchObject([{ host: "harbor.example.com", bytesPerSecond: 6_250 }])
  expect(hosts.map(({ side }) => side).indexOf("target")).toBe(6)
})

test("registries of which nothing was copied come last, the busiest of them first", async () => {
  const { database, service } = await statistics("2024-01-15T02:00Z")
  for (const sourceHost of ["down.example", "gone.example", "gone.example"]) {
    await end(database, "2024-01-15T01:30Z", { sourceHost, targetHost: "", state: "failed", ms: 90_000 })
  }
  await end(database, "2024-01-15T01:30Z", { sourceHost: "quick.example", targetHost: "", bytes: 5, ms: 0 })
  const { hosts } = await service.overview(admin, { since: Date.parse("2024-01-15T01:00Z"), step: "hour" })
  expect(hosts.map(({ host, failed, bytesPerSecond, speeds }) => [host, failed, bytesPerSecond, speeds])).toEqual([
    ["quick.example", 0, 5_000, [5_000]],
    ["gone.example", 2, null, [null]],
    ["down.example", 1, null, [null]],
  ])
})

test("S13: operators are told of their own jobs, administrators and viewers of all", async () => {
  const runtime = await testRuntime()
  const [ann, viewer] = [await testActor(runtime, "operator", "ann"), await testActor(runtime, "viewer")]
  await end(runtime.database, "2024-01-15T00:30Z", { ownerId: ann.userId, sourceHost: "mine.example" })
  await end(runtime.database, "2024-01-15T00:30Z", { ownerId: ann.userId + 1_000, sourceHost: "theirs.example" })
  const query = { since: Date.parse("2024-01-15T00:00Z"), until: Date.parse("2024-01-15T01:00Z"), step: "hour" } as const
  const told = async (actor: typeof ann) => {
    const { totals, hosts } = await runtime.services.statistics.overview(actor, query)
    return [totals.succeeded, hosts.filter(({ side }) => side === "source").map(({ host }) => host)]
  }
  expect(await told(ann)).toEqual([1, ["mine.example"]])
  expect(await told(viewer)).toEqual([2, ["mine.example", "theirs.example"]])
  const ticket = { ...ann, via: "ticket", jobId: 1 } as const
  await expect(runtime.services.statistics.overview(ticket, query)).rejects.toMatchObject({ code: "forbidden" })
})

test("before anything has ended everything is nothing", async () => {
  const { service } = await statistics("2024-01-15T00:30Z")
  expect(await service.overview(admin, { since: Date.parse("2024-01-15T00:30Z"), step: "hour" })).toEqual({
    since: Date.parse("2024-01-15T00:00Z"),
    until: Date.parse("2024-01-15T01:00Z"),
    step: "hour",
    totals: { ...none, copyMs: 0, copyBytes: 0 },
    steps: [{ ...none, at: Date.parse("2024-01-15T00:00Z") }],
    hosts: [],
  })
})
