import { collectDefaultMetrics, type Registry } from "prom-client"

/** Gauges that are named like counters, and lists of handles that nobody reads. */
const misnamed = [
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
  "nodejs_active_handles",
  "nodejs_active_requests",
]

/** Processor, memory, garbage collection and event-loop lag of this process, under the names that Node's dashboards know. */
export function observeProcess(register: Registry): void {
  collectDefaultMetrics({ register })
  for (const name of misnamed) register.removeSingleMetric(name)
}
