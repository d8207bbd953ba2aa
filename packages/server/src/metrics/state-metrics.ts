import type { Database } from "@entrepot/db/stores"
import type { UpstreamHealth, WrittenAccessLog } from "@entrepot/registry"
import { Counter, Gauge, type Registry } from "prom-client"
import { freeBytes } from "../registry/administration/free-bytes.ts"

/** What of the server is looked at when somebody asks for metrics. */
export interface ObservedState {
  readonly stores: Pick<Database, "jobs" | "statistics" | "warehouse">
  readonly upstreams: () => readonly UpstreamHealth[]
  readonly accessLog: Pick<WrittenAccessLog, "dropped">
  readonly blobDirectory: string
  readonly quotaBytes: number | undefined
}

/** Looks at the server: each of them once for each time that metrics are asked for. */
export type Look = () => Promise<void>

const openStates = ["queued", "waiting", "running"] as const
const hourMs = 3_600_000

/** Jobs of all processes: those that are open now, and all that ever ended. */
export function observeJobs(register: Registry, { stores }: Pick<ObservedState, "stores">, now: () => number): Look {
  const registers = [register]
  const open = new Gauge({
    name: "entrepot_jobs",
    help: "Jobs that have not ended: queued, waiting or running.",
    labelNames: ["state"],
    registers,
  })
  const ended = new Counter({
    name: "entrepot_jobs_ended_total",
    help: "Jobs that ended: succeeded, unchanged (the target had it already), failed or cancelled.",
    labelNames: ["result"],
    registers,
  })
  const sent = new Counter({ name: "entrepot_jobs_sent_bytes_total", help: "Bytes that jobs have sent to targets.", registers })
  const skipped = new Counter({
    name: "entrepot_jobs_skipped_bytes_total",
    help: "Bytes that jobs did not have to send: the target had them.",
    registers,
  })
  return async () => {
    const counts = await stores.jobs.counts("all")
    for (const state of openStates) open.labels(state).set(counts[state])
    const { steps } = await stores.statistics.tallies("all", [0, Math.floor(now() / hourMs) + 1])
    const [tally] = steps
    if (tally === undefined) return
    ended.reset()
    for (const result of ["succeeded", "unchanged", "failed", "cancelled"] as const) ended.labels(result).inc(tally[result])
    sent.reset()
    sent.inc(tally.bytesSent)
    skipped.reset()
    skipped.inc(tally.bytesSkipped)
  }
}

/** What the registry keeps, and how much room there is. */
export function observeWarehouse(register: Registry, state: Omit<ObservedState, "upstreams" | "accessLog">): Look {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [register] })
  const bytes = gauge("entrepot_warehouse_blob_bytes", "Bytes of all blobs that are here.")
  const blobs = gauge("entrepot_warehouse_blobs", "Blobs that are here.")
  const repositories = gauge("entrepot_warehouse_repositories", "Repositories, hosted and read through.")
  const manifests = gauge("entrepot_warehouse_manifests", "Manifests of all repositories.")
  const free = gauge("entrepot_warehouse_disk_free_bytes", "What is free on the disk of the blobs.")
  if (state.quotaBytes !== undefined) {
    gauge("entrepot_warehouse_quota_bytes", "What blobs may take before images that were read through go.").set(state.quotaBytes)
  }
  return async () => {
    const usage = await state.stores.warehouse.usage()
    bytes.set(usage.bytes)
    blobs.set(usage.blobs)
    repositories.set(usage.repositories)
    manifests.set(usage.manifests)
    const left = await freeBytes(state.blobDirectory)
    if (left !== null) free.set(left)
  }
}

/** How upstreams are doing, and what they still let us pull. */
export function observeUpstreams(register: Registry, { upstreams }: Pick<ObservedState, "upstreams">): Look {
  const registers = [register]
  const labelNames = ["upstream"]
  const healthy = new Gauge({
    name: "entrepot_upstream_healthy",
    help: "1 while an upstream is asked as usual, 0 while it is left alone or only tried.",
    labelNames,
    registers,
  })
  const limit = new Gauge({
    name: "entrepot_upstream_pull_limit",
    help: "Pulls that the upstream allows in its window of time (ratelimit-limit).",
    labelNames,
    registers,
  })
  const remaining = new Gauge({
    name: "entrepot_upstream_pulls_remaining",
    help: "Pulls that are left of that (ratelimit-remaining).",
    labelNames,
    registers,
  })
  return async () => {
    for (const each of [healthy, limit, remaining]) each.reset()
    const all = upstreams()
    // Several upstreams may be on one host, below different paths: each of them can make it unhealthy.
    for (const { host } of all) healthy.labels(host).set(1)
    for (const { host, circuit, pulls } of all) {
      if (circuit !== "closed") healthy.labels(host).set(0)
      if (pulls === null) continue
      limit.labels(host).set(pulls.limit)
      remaining.labels(host).set(pulls.remaining)
    }
  }
}

/** What is missing from the access log. */
export function observeAccessLog(register: Registry, { accessLog }: Pick<ObservedState, "accessLog">): Look {
  const dropped = new Counter({
    name: "entrepot_access_log_dropped_total",
    help: "Requests that the access log had no room for since the start.",
    registers: [register],
  })
  return async () => {
    dropped.reset()
    dropped.inc(accessLog.dropped)
  }
}
