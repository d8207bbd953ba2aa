import { existsSync } from "node:fs"
import { copyFile, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { OutcomeEvent, TransferEvent } from "@entrepot/core"
import { openHistory } from "@entrepot/server/history"

const day = 24 * 60 * 60 * 1000
const names = ["nginx", "redis", "postgres", "grafana", "alpine", "node", "golang", "traefik"]
const sources = ["docker.io/library", "quay.io/team", "gcr.io/tools", "ghcr.io/shop"]

/** Fills a database that no application has open with copies that ended in the last 30 days: every seventh failed, every eleventh found nothing to do. */
export async function recordPast(dataDirectory: string, count: number): Promise<void> {
  // In memory where that can be: a disk waits twice for each of them.
  const folder = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "entrepot-past-"))
  try {
    const path = join(folder, "proxy.db")
    await recordInto(path, count)
    await copyFile(path, join(dataDirectory, "proxy.db"))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function recordInto(path: string, count: number): Promise<void> {
  let now = Date.now() - 30 * day
  const history = await openHistory({ database: { kind: "sqlite", path } }, { now: () => now })
  const never = new AbortController().signal
  for (let at = 0; at < count; at++) {
    now += Math.floor((29.9 * day) / count)
    const source = `${sources[at % sources.length]}/${names[at % names.length]}:1.${at}`
    const target = `harbor.example.com/proxy/${names[at % names.length]}:1.${at}`
    const request = { source: `docker://${source}`, target: `docker://${target}`, engine: "direct" } as const
    for await (const _ of history.record(request, () => pastCopy(at, source, target), never));
  }
  await history.close()
}

async function* pastCopy(at: number, source: string, target: string): AsyncGenerator<TransferEvent, OutcomeEvent> {
  const size = 1_000_000 * (1 + ((at * 37) % 400))
  const failed = at % 7 === 3
  const unchanged = at % 11 === 5
  const totals = {
    bytesSent: failed || unchanged ? 0 : size,
    bytesSkipped: unchanged ? size : 0,
    blobsSent: failed || unchanged ? 0 : 5,
    blobsSkipped: unchanged ? 5 : 0,
    blobsMounted: 0,
    durationMs: 1000 + ((at * 131) % 90_000),
  }
  const error = {
    code: "unauthorized",
    message: "registry refused",
    side: "target",
    host: "harbor.example.com",
    status: 401,
  } as const
  const outcome = failed ? "failed" : unchanged ? "unchanged" : "succeeded"
  const event: OutcomeEvent = { type: "outcome", outcome, source, target, totals, ...(failed && { error }) }
  yield event
  return event
}
