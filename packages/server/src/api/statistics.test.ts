import { expect, test } from "vitest"
import { testApi } from "./api.fixture.ts"

/** One copied and one failed job, both ended in the afternoon of 15 January 2024, UTC. */
async function apiWithEndedJobs() {
  const api = await testApi()
  const as = await api.admin()
  const { userId: ownerId } = await api.actorOf(as)
  const request = { source: "docker://nginx:1", target: "docker://harbor.example.com/nginx:1", engine: "direct" } as const
  const names = { source: "nginx:1", target: "harbor.example.com/nginx:1", sourceHost: "docker.io", targetHost: "" }
  const totals = { bytesSent: 3_000, bytesSkipped: 7, blobsSent: 1, blobsSkipped: 1, blobsMounted: 0, durationMs: 1_500 }
  for (const result of [{ state: "succeeded", totals }, { state: "failed" }] as const) {
    const lease = await api.runtime.database.jobs.createRunning({ ownerId, ...names, request, priority: 0 }, "terminal", 1)
    await api.runtime.database.jobs.finish(lease, { at: Date.parse("2024-01-15T15:30Z"), events: [], ...result })
  }
  return { api, as }
}

test("statistics.overview tells numbers, times in milliseconds", async () => {
  const { api, as } = await apiWithEndedJobs()
  const since = Date.parse("2024-01-15T15:00Z")
  const input = { since, until: since + 1, step: "hour", timeZone: "Europe/Berlin" }
  const { status, json } = await api.ask(`GET /api/trpc/statistics.overview?input=${encodeURIComponent(JSON.stringify(input))}`, {
    as,
  })
  const tally = { succeeded: 1, unchanged: 0, failed: 1, cancelled: 0, bytesSent: 3_000, bytesSkipped: 7 }
  expect([status, json.result.data]).toEqual([
    200,
    {
      since,
      until: since + 3_600_000,
      step: "hour",
      totals: { ...tally, copyMs: 1_500, copyBytes: 3_000 },
      steps: [{ at: since, ...tally }],
      hosts: [
        { host: "docker.io", side: "source", jobs: 2, failed: 1, bytesSent: 3_000, bytesPerSecond: 2_000, speeds: [2_000] },
      ],
    },
  ])
})

test("GET /api/statistics tells the same by days, with times as text and fields as the seeds write them", async () => {
  const { api, as } = await apiWithEndedJobs()
  const query = "since=2024-01-15T12:00:00%2B08:00&until=2024-01-16T12:00:00%2B08:00&time_zone=Asia/Shanghai"
  const { status, json } = await api.ask(`GET /api/statistics?${query}`, { as })
  const tally = { succeeded: 1, unchanged: 0, failed: 1, cancelled: 0, bytes_sent: 3_000, bytes_skipped: 7 }
  const none = { succeeded: 0, unchanged: 0, failed: 0, cancelled: 0, bytes_sent: 0, bytes_skipped: 0 }
  const docker = { host: "docker.io", side: "source", jobs: 2, failed: 1, bytes_sent: 3_000, bytes_per_second: 2_000 }
  expect([status, json]).toEqual([
    200,
    {
      success: true,
      since: "2024-01-14T16:00:00Z",
      until: "2024-01-16T16:00:00Z",
      step: "day",
      totals: { ...tally, copy_ms: 1_500, copy_bytes: 3_000 },
      steps: [
        { at: "2024-01-14T16:00:00Z", ...tally },
        { at: "2024-01-15T16:00:00Z", ...none },
      ],
      hosts: [{ ...docker, speeds: [2_000, null] }],
    },
  ])
})

test("what was served is told by statistics.served and GET /api/statistics/served alike", async () => {
  const api = await testApi()
  const as = await api.admin()
  const tally = { requests: 9, pulls: 2, refused: 1, failures: 1, hits: 3, stale: 1, misses: 4 }
  const bytes = { bytesSent: 100, bytesPushed: 20, bytesFetched: 50 }
  const since = Date.parse("2024-01-15T15:00Z")
  const upstreams = [{ host: "hub.example", requests: 4, failures: 2, waitMs: 100, bytesFetched: 50 }]
  const repositories = [{ repository: "team/app", pulls: 2, bytesSent: 100 }]
  await api.runtime.database.served.add([{ hour: since / 3_600_000, ...tally, ...bytes, upstreams, repositories }])
  const input = encodeURIComponent(JSON.stringify({ since, until: since + 1, step: "hour" }))
  const typed = await api.ask(`GET /api/trpc/statistics.served?input=${input}`, { as })
  const sums = { ...tally, ...bytes }
  expect([typed.status, typed.json.result.data]).toEqual([
    200,
    {
      ...{ since, until: since + 3_600_000, step: "hour", totals: sums, steps: [{ at: since, ...sums }] },
      ...{ upstreams: [{ ...upstreams[0], waitMs: 50 }], repositories },
    },
  ])
  const query = "since=2024-01-15T15:00:00Z&until=2024-01-15T15:00:01Z&step=hour"
  const { status, json } = await api.ask(`GET /api/statistics/served?${query}`, { as })
  const written = { ...tally, bytes_sent: 100, bytes_pushed: 20, bytes_fetched: 50 }
  expect([status, json]).toEqual([
    200,
    {
      ...{ success: true, since: "2024-01-15T15:00:00Z", until: "2024-01-15T16:00:00Z", step: "hour", totals: written },
      steps: [{ at: "2024-01-15T15:00:00Z", ...written }],
      upstreams: [{ host: "hub.example", requests: 4, failures: 2, wait_ms: 50, bytes_fetched: 50 }],
      repositories: [{ repository: "team/app", pulls: 2, bytes_sent: 100 }],
    },
  ])
})

test("what cannot be told is refused, and says why", async () => {
  const { api, as } = await apiWithEndedJobs()
  const refusal = async (query: string) => {
    const { status, json } = await api.ask(`GET /api/statistics?${query}`, { as })
    return [status, json.error.code, json.error.detail]
  }
  const since = "since=2024-01-01T00:00:00Z"
  const until = "until=2025-06-01T00:00:00Z"
  expect(await refusal(`${since}&${until}`)).toEqual([400, "INVALID", "more than 400 steps are not told at once"])
  expect(await refusal(`${since}&time_zone=Mars/Olympus`)).toEqual([
    400,
    "INVALID",
    "this time zone is not known; Asia/Shanghai is one",
  ])
  expect(await refusal(until)).toEqual([400, "INVALID", "since: Invalid input: expected string, received undefined"])
  expect(await refusal("since=9999999-01-01T00:00:00Z")).toEqual([400, "INVALID", "since: Invalid ISO datetime"])
  expect(await refusal("since=0000-01-01T00:00:00Z")).toEqual([400, "INVALID", "since: Too small: expected number to be >=0"])
})
