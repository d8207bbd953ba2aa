import type { Stage } from "@entrepot/core"
import type { JobEvent, JobProgress, JobRecord } from "@entrepot/db/stores"

/** Events that come within so long of each other share a transaction. */
const flushMs = 50
const progressMs = 1000

export interface EventWriterOptions {
  /** False when the lease is lost. Does not reject. */
  write(record: JobRecord): Promise<boolean>
  /** The lease is somebody else's: nothing will be written any more. */
  onLost(): void
  /** Milliseconds since 1970, for the record. */
  readonly now: () => number
  /** Milliseconds of a clock that never goes back, for the pace. */
  readonly monotonic: () => number
}

/** Writes what a run tells: events in few transactions, counters as their latest value, once a second. */
export class EventWriter {
  readonly #options: EventWriterOptions
  #events: JobEvent[] = []
  #stage: Stage | undefined
  #progress: JobProgress | undefined
  #progressAt = Number.NEGATIVE_INFINITY
  #writtenAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #closed = false

  constructor(options: EventWriterOptions) {
    this.#options = options
  }

  event(event: JobEvent): void {
    this.#events.push(event)
    if (event.type === "stage" && event.state === "started") this.#stage = event.stage
    this.#schedule(this.#writtenAt + flushMs)
  }

  progress(progress: JobProgress): void {
    this.#progress = progress
    this.#schedule(Math.max(this.#writtenAt + flushMs, this.#progressAt + progressMs))
  }

  /** Stops writing. Returns the events that are not yet written, and where the copy stands, for whoever writes the end. */
  async close(): Promise<Pick<JobRecord, "events" | "progress">> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#writing
    return { events: this.#events, ...(this.#progress === undefined ? {} : { progress: this.#progress }) }
  }

  #schedule(at: number): void {
    if (this.#closed || this.#writing !== undefined) return
    clearTimeout(this.#timer)
    const dueMs = this.#events.length > 0 ? this.#writtenAt + flushMs : at
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, dueMs - this.#options.monotonic()))
  }

  #flush(): void {
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined
      if (this.#events.length > 0) this.#schedule(this.#writtenAt + flushMs)
      else if (this.#progress !== undefined) this.#schedule(this.#progressAt + progressMs)
    })
  }

  async #write(): Promise<void> {
    const events = this.#events
    const stage = this.#stage
    const progress = this.#progress
    const writtenAt = this.#options.monotonic()
    const isProgressDue = progress !== undefined && writtenAt >= this.#progressAt + progressMs
    this.#events = []
    this.#stage = undefined
    this.#writtenAt = writtenAt
    if (isProgressDue) {
      this.#progress = undefined
      this.#progressAt = writtenAt
    }
    const record: JobRecord = {
      at: this.#options.now(),
      events,
      ...(stage === undefined ? {} : { stage }),
      ...(isProgressDue ? { progress } : {}),
    }
    if (await this.#options.write(record)) return
    this.#closed = true
    this.#options.onLost()
  }
}
