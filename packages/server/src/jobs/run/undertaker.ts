import type { JobStore } from "@entrepot/db/stores"
import type { Log } from "../../runtime/runtime.ts"
import { pulseOf } from "./process-id.ts"

interface UndertakerOptions {
  readonly id: string
  readonly jobs: JobStore
  readonly leaseMs: number
  readonly log: Log
  readonly now: () => number
  readonly monotonic: () => number
}

interface Seen {
  readonly seenAt: number
  /** By our own monotonic clock: that of another machine may be minutes off (fault 40). */
  readonly noticedAt: number
}

/** Finds processes that are gone, so that their jobs are taken over: those of this machine at once, others when they have been silent for a lease. */
export class Undertaker {
  readonly #options: UndertakerOptions
  #seen = new Map<string, Seen>()

  constructor(options: UndertakerOptions) {
    this.#options = options
  }

  async buryDead(): Promise<void> {
    const { id, jobs, leaseMs, log, now, monotonic } = this.#options
    const still = new Map<string, Seen>()
    for (const runner of await jobs.runners()) {
      if (runner.id === id) continue
      const before = this.#seen.get(runner.id)
      const seen = before?.seenAt === runner.seenAt ? before : { seenAt: runner.seenAt, noticedAt: monotonic() }
      const isSilent = monotonic() - seen.noticedAt >= leaseMs
      if (isSilent || (await pulseOf(runner.id)) === "dead") {
        await jobs.bury(runner.id, now())
        log.info({ runner: runner.id, silent: isSilent }, "a process is gone, its jobs are taken over")
      } else {
        still.set(runner.id, seen)
      }
    }
    this.#seen = still
  }
}
