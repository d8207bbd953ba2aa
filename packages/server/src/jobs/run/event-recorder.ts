import type { BlobEvent, TransferEvent } from "@entrepot/core"
import type { JobRecord } from "@entrepot/db/stores"
import { EventWriter, type EventWriterOptions } from "./event-writer.ts"
import { ProgressMeter } from "./progress-meter.ts"

interface EventRecorderOptions extends EventWriterOptions {
  /** Counters, which are not stored one by one. */
  tell(event: BlobEvent): void
  /** Takes the job's secrets out of a text. */
  redact(text: string): string
}

/** Sorts what a transfer tells: events are kept, counters are told at once and kept as where the copy stands. */
export class EventRecorder {
  readonly #options: EventRecorderOptions
  readonly #writer: EventWriter
  readonly #meter = new ProgressMeter()

  constructor(options: EventRecorderOptions) {
    this.#options = options
    this.#writer = new EventWriter(options)
  }

  /** The outcome is left to whoever writes the end. */
  take(event: TransferEvent): void {
    if (event.type === "outcome") return
    if (event.type === "plan") this.#meter.plan(event)
    if (event.type === "blob") this.#meter.take(event)
    if (event.type === "plan" || event.type === "blob") this.#writer.progress(this.#meter.value)
    if (event.type === "blob" && (event.state === "copying" || event.state === "waiting")) this.#options.tell(event)
    else this.#writer.event(event.type === "log" ? { ...event, message: this.#options.redact(event.message) } : event)
  }

  /** Stops writing. Returns what is not yet written. */
  close(): Promise<Pick<JobRecord, "events" | "progress">> {
    return this.#writer.close()
  }
}
