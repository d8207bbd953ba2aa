import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { performance } from "node:perf_hooks"
import { createRuntime } from "../../../packages/server/src/runtime/create-runtime.ts"
import type { Runtime } from "../../../packages/server/src/runtime/runtime.ts"
import { silentLog, testActor, testConfiguration } from "../../../packages/server/src/runtime/runtime-settings.fixture.ts"
import { quantile, shortTime } from "./app-table.ts"

export interface AdministrationBenchOptions {
  /** Times that each page is asked for. */
  readonly rounds: number
  /** Rows of the access log. */
  readonly rows: number
  readonly say: (text: string) => void
}

const dayMs = 86_400_000
const hoursADay = 24
const days = 366
const upstreams = 10
const repositories = Array.from({ length: 2000 }, (_, at) => `docker.io/library/image-${at}`)
const repositoriesADay = 500
const rowsAtOnce = 5000

const served = {
  ...{ requests: 10, pulls: 5, refused: 0, failures: 0, hits: 7, stale: 0, misses: 2 },
  ...{ bytesSent: 1_000_000, bytesPushed: 0, bytesFetched: 100_000 },
}

/** A year of what was served, and an access log: what a page of statistics and a scrape of Prometheus take. A table, the first row its head. */
export async function benchAdministration({ rounds, rows, say }: AdministrationBenchOptions): Promise<string[][]> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-administration-"))
  const runtime = await createRuntime(testConfiguration(directory), { log: silentLog })
  try {
    const today = Math.floor(Date.now() / dayMs)
    await fillYear(runtime, today)
    say("administration: a year of counts is there")
    await fillLog(runtime, rows)
    say(`administration: ${rows} rows of the access log are there`)
    const [admin, viewer] = [await testActor(runtime, "admin"), await testActor(runtime, "viewer", "eve")]
    const { statistics, accessLog } = runtime.services
    const year = { since: (today - days + 2) * dayMs, step: "day" } as const
    const month = { since: (today - 29) * dayMs, step: "day" } as const
    const questions: readonly (readonly [title: string, ask: () => Promise<unknown>])[] = [
      ["statistics: a year by day", () => statistics.served(admin, year)],
      ["statistics: a year by day, for somebody who may see a tenth of it", () => statistics.served(viewer, year)],
      ["statistics: 30 days", () => statistics.served(admin, month)],
      ["access log: first page", () => accessLog.list(admin, { limit: 100 })],
      ["metrics: one scrape", () => runtime.metrics.scrape()],
    ]
    const table = [["question", "first", "median", "p99"]]
    for (const [title, ask] of questions) {
      const times: number[] = []
      for (let round = 0; round < rounds; round++) {
        const began = performance.now()
        await ask()
        times.push(performance.now() - began)
      }
      const first = times[0] ?? 0
      times.sort((one, other) => one - other)
      table.push([title, ...[first, quantile(times, 0.5), quantile(times, 0.99)].map(shortTime)])
      say(`administration: ${title}: ${shortTime(quantile(times, 0.5))}`)
    }
    return table
  } finally {
    await runtime.close()
    await rm(directory, { recursive: true })
  }
}

async function fillYear({ database }: Runtime, today: number): Promise<void> {
  const hosts = Array.from({ length: upstreams }, (_, at) => ({
    ...{ host: `mirror-${at}.example.com`, requests: 9, failures: 1, waitMs: 900, bytesFetched: 1000 },
  }))
  for (let day = today - days + 1; day <= today; day++) {
    const pulled = Array.from({ length: repositoriesADay }, (_, at) => ({
      ...{ repository: nameOf(at * 7 + day * 13), pulls: 1 + (at % 9), bytesSent: 1000 },
    }))
    const counts = Array.from({ length: hoursADay }, (_, hour) => ({
      ...served,
      hour: day * hoursADay + hour,
      upstreams: hosts,
      repositories: hour === 0 ? pulled : [],
    }))
    await database.served.add(counts)
  }
  for (const [at, name] of repositories.entries()) {
    const { id } = await database.warehouse.ensureRepository({ name, projectId: null, registry: "docker.io" }, 1)
    if (at % 10 === 0) await database.warehouse.setShared(id, true)
  }
}

async function fillLog({ database }: Runtime, rows: number): Promise<void> {
  for (let written = 0; written < rows; written += rowsAtOnce) {
    const entries = Array.from({ length: rowsAtOnce }, (_, at) => ({
      ...{
        at: Date.now(),
        user: "ann",
        address: "10.0.0.1",
        action: "pull",
        method: "GET",
        repository: nameOf(at),
        reference: "latest",
      },
      ...{ status: 200, bytes: 1234, durationMs: 1, cache: "hit", upstream: null, userAgent: "docker/29" },
    }))
    await database.accessLog.append(entries)
  }
}

function nameOf(at: number): string {
  return repositories[at % repositories.length] ?? ""
}
