import { setTimeout as delay } from "node:timers/promises"
import { isCancellation } from "@entrepot/core"
import type { Warehouse } from "./warehouse/warehouse.ts"

export interface MaintenanceOptions {
  /** Between two collections of garbage, milliseconds. Default an hour. */
  readonly garbageMs?: number
  /** Between two rounds of scrubbing, milliseconds. Default a day. */
  readonly scrubMs?: number
  /** How fast a round reads, so that pulls do not notice. Default 20 MB. */
  readonly scrubBytesPerSecond?: number
}

interface MaintenanceLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

const hourMs = 3_600_000

/** Looks after a warehouse beside its pulls and pushes, one thing at a time: rows without files at first, then garbage and rot again and again. */
export class WarehouseMaintenance {
  readonly #warehouse: Pick<Warehouse, "reconcile" | "collectGarbage" | "scrub">
  readonly #log: MaintenanceLog
  readonly #options: Required<MaintenanceOptions>
  readonly #ending = new AbortController()
  #rounds: Promise<unknown> | undefined

  constructor(
    warehouse: Pick<Warehouse, "reconcile" | "collectGarbage" | "scrub">,
    log: MaintenanceLog,
    { garbageMs = hourMs, scrubMs = 24 * hourMs, scrubBytesPerSecond = 20_000_000 }: MaintenanceOptions = {},
  ) {
    this.#warehouse = warehouse
    this.#log = log
    this.#options = { garbageMs, scrubMs, scrubBytesPerSecond }
  }

  /** Returns at once. Call it once. */
  start(): void {
    this.#rounds = this.#run()
  }

  /** Ends early what is being done. */
  async close(): Promise<void> {
    this.#ending.abort()
    await this.#rounds
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending
    const { garbageMs, scrubMs, scrubBytesPerSecond } = this.#options
    const warehouse = this.#warehouse
    await this.#try("forgetting blobs whose files are missing", async () => {
      const forgotten = await warehouse.reconcile(signal)
      if (forgotten > 0) this.#log.info({ forgotten }, "blobs were forgotten whose files are missing")
    })
    await Promise.all([
      this.#every(garbageMs, "collecting garbage", async () => {
        const report = await warehouse.collectGarbage({ signal })
        if (report.blobs + report.uploads + report.strays > 0) this.#log.info({ ...report }, "garbage was collected")
      }),
      this.#every(scrubMs, "scrubbing", async () => {
        const { verified, bytes, rotten, missing } = await warehouse.scrub({ signal, bytesPerSecond: scrubBytesPerSecond })
        this.#log.info({ verified, bytes, rotten: rotten.length, missing: missing.length }, "blobs were hashed again")
      }),
    ])
  }

  async #every(periodMs: number, what: string, work: () => Promise<void>): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      await delay(periodMs, undefined, { signal, ref: false }).catch(() => undefined)
      if (!signal.aborted) await this.#try(what, work)
    }
  }

  async #try(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!isCancellation(error, this.#ending.signal)) this.#log.error({ error }, `${what} failed`)
    }
  }
}
