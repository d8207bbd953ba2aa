import { performance } from "node:perf_hooks"
import { setTimeout as sleep } from "node:timers/promises"
import type { WarehouseLog } from "../warehouse-log.ts"
import { type CareObserver, unobserved } from "./care-observer.ts"
import type { GarbageOptions, GarbageReport } from "./collect-garbage.ts"
import type { RottenBlob, ScrubOptions, ScrubReport } from "./scrub.ts"

/** What of a warehouse is called again and again. */
export interface MaintainedWarehouse {
  collectGarbage(options: Partial<GarbageOptions>): Promise<GarbageReport>
  scrub(options: ScrubOptions): Promise<ScrubReport>
  reconcile(signal: AbortSignal): Promise<number>
}

export interface MaintenanceOptions {
  /** Time between two collections, milliseconds. Default 1 hour. */
  readonly garbageMs?: number
  /** Files without row are looked for with one of so many collections, the first included. Default 24. */
  readonly filesEvery?: number
  /** Time between two rounds of scrubbing, milliseconds. Default 6 hours. */
  readonly scrubMs?: number
  /** A round leaves alone what was verified within this time, milliseconds. Default 7 days. */
  readonly verifiedForMs?: number
  /** Bytes a second that scrubbing reads at most. Default 20 MiB. */
  readonly scrubBytesPerSecond?: number
  /** Share of its time that the process may be working while scrubbing goes on; above it, scrubbing waits. Default 0.5. */
  readonly busyAbove?: number
  readonly onRotten?: (blob: RottenBlob) => void
  readonly observer?: CareObserver | undefined
}

/** The first turns come no later than this after the start: some servers are started every day. */
const firstMs = 600_000

/** How long scrubbing waits before it looks again whether there is less to do, milliseconds. */
const restMs = 2000

const hourMs = 3_600_000

/**
 * Does what a warehouse needs beside its requests: soon after the start it forgets rows without file; every hour it collects garbage; and slowly, while
 * there is little else to do, it hashes all blobs again. A failure is logged and tried again at the next turn.
 */
export class Maintenance {
  readonly #warehouse: MaintainedWarehouse
  readonly #log: WarehouseLog
  readonly #options: MaintenanceOptions
  readonly #end = new AbortController()
  #running: Promise<unknown> | undefined
  #collections = 0
  #lately = performance.eventLoopUtilization()

  constructor(warehouse: MaintainedWarehouse, log: WarehouseLog, options: MaintenanceOptions = {}) {
    this.#warehouse = warehouse
    this.#log = log
    this.#options = options
  }

  /** Begins; nothing is waited for. Once only. */
  start(): void {
    const { garbageMs = hourMs, scrubMs = 6 * hourMs } = this.#options
    this.#running ??= Promise.all([
      this.#attempt("rows without file could not be looked for", () => this.#reconcile()),
      this.#every(garbageMs, "garbage could not be collected", () => this.#collect()),
      this.#every(scrubMs, "blobs could not be verified", () => this.#scrub()),
    ])
  }

  /** Ends what is going on, and waits for its end. */
  async close(): Promise<void> {
    this.#end.abort()
    await this.#running
  }

  async #every(ms: number, failure: string, work: () => Promise<void>): Promise<void> {
    for (let wait = Math.min(ms, firstMs); ; wait = ms) {
      await this.#sleep(wait)
      if (this.#end.signal.aborted) return
      await this.#attempt(failure, work)
    }
  }

  async #attempt(failure: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!this.#end.signal.aborted) this.#log.error({ error }, failure)
    }
  }

  async #reconcile(): Promise<void> {
    const forgotten = await this.#warehouse.reconcile(this.#end.signal)
    if (forgotten > 0) this.#log.warn({ forgotten }, "files of blobs were missing")
  }

  async #collect(): Promise<void> {
    const { filesEvery = 24, observer = unobserved } = this.#options
    if (observer.isUnderWay("garbage")) return
    const sweepFiles = this.#collections++ % filesEvery === 0
    const report = await observer.observe("garbage", (onProgress, signal) =>
      this.#warehouse.collectGarbage({ sweepFiles, signal: this.#until(signal), onProgress }),
    )
    this.#log.info({ ...report }, "garbage was collected")
  }

  async #scrub(): Promise<void> {
    const { scrubBytesPerSecond = 20 * 1024 * 1024, verifiedForMs = 7 * 24 * hourMs, onRotten } = this.#options
    const { observer = unobserved } = this.#options
    if (observer.isUnderWay("scrub")) return
    const report = await observer.observe("scrub", (onProgress, signal) =>
      this.#warehouse.scrub({
        bytesPerSecond: scrubBytesPerSecond,
        verifiedForMs,
        pause: () => this.#pause(signal),
        onRotten,
        onProgress,
        signal: this.#until(signal),
      }),
    )
    const { verified, bytes, rotten, missing } = report
    this.#log.info({ verified, bytes, rotten: rotten.length, missing: missing.length }, "blobs were verified")
  }

  #until(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#end.signal])
  }

  async #pause(signal: AbortSignal): Promise<void> {
    while (!this.#end.signal.aborted && !signal.aborted && this.#isBusy()) await this.#sleep(restMs)
  }

  #isBusy(): boolean {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#lately)
    this.#lately = now
    return utilization > (this.#options.busyAbove ?? 0.5)
  }

  async #sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#end.signal, ref: false }).catch(() => undefined)
  }
}
