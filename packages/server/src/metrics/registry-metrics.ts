import type { AccessEntry, MeteredUpstream, RegistryMeter } from "@entrepot/registry"
import { Counter, Histogram, type Registry } from "prom-client"
import { cacheResultOf } from "../registry/cache-result.ts"

/** Seconds: from an answer out of memory to a large layer over a slow link. */
const durations = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600]
/** Seconds until an upstream's answer is there. */
const waits = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Counts what happens in the registry of this process, for Prometheus. */
export function countRegistry(register: Registry): Partial<RegistryMeter> {
  const registers = [register]
  const requests = new Counter({
    name: "entrepot_registry_requests_total",
    help: "Requests to /v2 by what they are for and the status of the answer.",
    labelNames: ["action", "code"],
    registers,
  })
  const took = new Histogram({
    name: "entrepot_registry_request_duration_seconds",
    help: "Time from a request to the end of its answer.",
    labelNames: ["action"],
    buckets: durations,
    registers,
  })
  const cache = new Counter({
    name: "entrepot_registry_cache_requests_total",
    help: "Manifests and blobs that were sent, by whether they were here: hit, revalidated, stale or miss.",
    labelNames: ["result"],
    registers,
  })
  const sent = new Counter({ name: "entrepot_registry_sent_bytes_total", help: "Bytes of bodies sent to clients.", registers })
  const received = new Counter({
    name: "entrepot_registry_received_bytes_total",
    help: "Bytes of bodies that clients have pushed.",
    registers,
  })
  const asked = new Counter({
    name: "entrepot_upstream_requests_total",
    help: "Requests to upstreams by how they ended: answered or failed.",
    labelNames: ["upstream", "result"],
    registers,
  })
  const errors = new Counter({
    name: "entrepot_upstream_errors_total",
    help: "Failed requests to upstreams by what went wrong.",
    labelNames: ["upstream", "error"],
    registers,
  })
  const waited = new Histogram({
    name: "entrepot_upstream_response_seconds",
    help: "Time until an upstream's answer was there.",
    labelNames: ["upstream"],
    buckets: waits,
    registers,
  })
  const fetched = new Counter({
    name: "entrepot_upstream_received_bytes_total",
    help: "Bytes of bodies that upstreams have sent.",
    labelNames: ["upstream"],
    registers,
  })

  return {
    request(entry: AccessEntry) {
      const { action, status, durationMs, bytes } = entry
      requests.labels(action, String(status)).inc()
      took.labels(action).observe(durationMs / 1000)
      const result = cacheResultOf(entry)
      if (result !== null) cache.labels(result).inc()
      if (bytes > 0) (action === "push" ? received : sent).inc(bytes)
    },
    upstreamAnswered({ host }: MeteredUpstream, tookMs: number) {
      asked.labels(host, "answered").inc()
      waited.labels(host).observe(tookMs / 1000)
    },
    upstreamFailed({ host }: MeteredUpstream, code: string) {
      asked.labels(host, "failed").inc()
      errors.labels(host, code).inc()
    },
    upstreamSent: ({ host }: MeteredUpstream, bytes: number) => fetched.labels(host).inc(bytes),
  }
}
