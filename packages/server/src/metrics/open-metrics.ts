import type { RegistryMeter } from "@entrepot/registry"
import { Registry } from "prom-client"
import type { Log } from "../runtime/runtime.ts"
import { observeProcess } from "./process-metrics.ts"
import { countRegistry } from "./registry-metrics.ts"
import {
  type Look,
  type ObservedState,
  observeAccessLog,
  observeJobs,
  observeUpstreams,
  observeWarehouse,
} from "./state-metrics.ts"

/** Metrics in the text format of Prometheus (exposition format 0.0.4). */
export interface MetricsPage {
  readonly contentType: string
  readonly text: string
}

/** What this process tells Prometheus. */
export interface Metrics {
  readonly meter: Partial<RegistryMeter>
  /** From now on the state of the server is told too. Once only. */
  observe(state: ObservedState): void
  /** What a scrape is answered with. What cannot be looked at now is as it was last seen. Many at once are one. */
  scrape(): Promise<MetricsPage>
}

interface MetricsOptions {
  readonly log: Pick<Log, "warn">
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Counters of a process that begins. */
export function openMetrics({ log, now }: MetricsOptions): Metrics {
  const register = new Registry()
  const meter = countRegistry(register)
  const looks: Look[] = []
  let isObserved = false
  let scraping: Promise<MetricsPage> | undefined

  async function scrape(): Promise<MetricsPage> {
    // Costs a little all the time, and so nothing where nobody asks.
    if (!isObserved) observeProcess(register)
    isObserved = true
    for (const look of looks) {
      await look().catch((error: unknown) => log.warn({ error: String(error) }, "some metrics could not be looked up"))
    }
    return { contentType: register.contentType, text: await register.metrics() }
  }

  return {
    meter,
    observe(state) {
      looks.push(
        observeJobs(register, state, now),
        observeWarehouse(register, state),
        observeUpstreams(register, state),
        observeAccessLog(register, state),
      )
    },
    scrape() {
      scraping ??= scrape().finally(() => {
        scraping = undefined
      })
      return scraping
    },
  }
}
