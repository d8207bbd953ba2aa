import type { Descriptor } from "../content/descriptor.ts"
import type { TransferError } from "../errors/transfer-error.ts"
import type { BlobReport } from "./copy-blob.ts"
import type { EventQueue } from "./event-queue.ts"
import type { BlobEvent, BlobState, TransferEvent } from "./events.ts"

/** Byte counters of one blob are told at most four times a second. */
const intervalMs = 250

/** Turns what happens to one blob into events, the latest value only. */
export class BlobTeller implements BlobReport {
  readonly #blob: Descriptor
  readonly #events: EventQueue<TransferEvent>
  readonly #now: () => number
  #offset = 0
  #connections = 0
  #resumedAt: number | undefined
  #toldAt = Number.NEGATIVE_INFINITY
  #state: BlobState = "copying"

  constructor(blob: Descriptor, events: EventQueue<TransferEvent>, now: () => number) {
    this.#blob = blob
    this.#events = events
    this.#now = now
  }

  progress(offset: number): void {
    const wentBack = offset < this.#offset
    const resumed = this.#state === "retrying"
    this.#offset = offset
    this.#state = "copying"
    if (wentBack || resumed || this.#now() - this.#toldAt >= intervalMs) this.#tell()
  }

  connections(count: number): void {
    this.#connections = count
  }

  retrying(offset: number, why: TransferError, waitMs: number): void {
    this.#state = "retrying"
    this.#resumedAt = offset
    this.#tell()
    const pause = waitMs >= 100 ? ` in ${(waitMs / 1000).toFixed(1)} s` : ""
    this.log(`${shortDigest(this.#blob.digest)}: ${why.message}; goes on at byte ${offset}${pause}`)
  }

  log(message: string): void {
    this.#events.push({ type: "log", level: "warn", message })
  }

  end(state: "present" | "mounted" | "done" | "skipped" | "failed"): void {
    this.#state = state
    if (state !== "failed" && state !== "skipped") this.#offset = this.#blob.size
    this.#connections = 0
    this.#tell()
  }

  #tell(): void {
    this.#toldAt = this.#now()
    const event: BlobEvent = {
      type: "blob",
      digest: this.#blob.digest,
      size: this.#blob.size,
      state: this.#state,
      offset: this.#offset,
      ...(this.#connections > 0 ? { connections: this.#connections } : {}),
      ...(this.#resumedAt === undefined ? {} : { resumedAt: this.#resumedAt }),
    }
    this.#events.push(event)
  }
}

/** The first twelve digits, as Docker shows layers. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1, digest.indexOf(":") + 13)
}
