import { type OutcomeEvent, redact, type TransferEvent } from "@entrepot/core"
import type { JobResult, JobStore, Lease } from "@entrepot/db/stores"
import { EventRecorder } from "../run/event-recorder.ts"
import { persist } from "../run/persist.ts"
import type { TerminalRecorderOptions } from "./terminal-recorder.ts"

/** One copy of the command line on its way into the history. Whatever the database does, the copy goes on. */
export class Recording {
  readonly jobId: number
  readonly #lease: Lease
  readonly #jobs: JobStore
  readonly #options: TerminalRecorderOptions
  readonly #recorder: EventRecorder
  readonly #abort = new AbortController()

  constructor({ jobId, fence }: Lease, options: TerminalRecorderOptions) {
    this.jobId = jobId
    this.#lease = { jobId, fence }
    this.#jobs = options.jobs
    this.#options = options
    this.#recorder = new EventRecorder({
      write: async (record) => (await this.#once(() => this.#jobs.record(this.#lease, record))) ?? true,
      // A terminal that was stopped for long is buried by others; its copy is its own all the same.
      onLost: () => {},
      now: options.now,
      monotonic: options.monotonic,
      tell: () => {},
      redact,
    })
  }

  /** Aborted by whoever cancels. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  abort(): void {
    this.#abort.abort()
  }

  take(event: TransferEvent): void {
    this.#recorder.take(event)
  }

  /** Undefined: nobody wanted to see how it ends. */
  async end(outcome: OutcomeEvent | undefined): Promise<void> {
    const { events } = await this.#recorder.close()
    const result: JobResult = {
      at: this.#options.now(),
      events: outcome === undefined ? events : [...events, outcome],
      ...endOf(outcome),
    }
    await this.#once(() => this.#jobs.finish(this.#lease, result))
  }

  #once<Result>(write: () => Promise<Result>): Promise<Result | undefined> {
    return persist(write, () => true, this.#options.log)
  }
}

function endOf(outcome: OutcomeEvent | undefined): Omit<JobResult, "at" | "events"> {
  if (outcome === undefined || outcome.outcome === "cancelled") return { state: "cancelled", totals: outcome?.totals ?? null }
  const { digest = null, totals, error } = outcome
  if (outcome.outcome === "failed") return { state: "failed", totals, failure: error ?? null }
  return { state: "succeeded", digest, totals, unchanged: outcome.outcome === "unchanged" }
}
