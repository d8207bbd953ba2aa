import type { BlobEvent, BlobState } from "../../transfer/events.ts"
import type { DaemonMessage } from "./daemon-messages.ts"

interface Layer {
  size: number
  offset: number
  state: BlobState
  toldAt: number
}

/** Byte counters of one layer are told at most four times a second. */
const intervalMs = 250

/** What the daemon's words mean. Words that say nothing about the bytes on the wire (extracting, verifying) are left out. */
const states: Readonly<Record<string, BlobState>> = {
  "Pulling fs layer": "waiting",
  Waiting: "waiting",
  Preparing: "waiting",
  Downloading: "copying",
  Pushing: "copying",
  "Download complete": "done",
  "Pull complete": "done",
  Pushed: "done",
  "Already exists": "present",
  "Layer already exists": "present",
}

/**
 * Turns the daemon's progress into blob events, the latest value only. The daemon knows a layer by twelve digits, of its compressed digest in a
 * pull and of its uncompressed one in a push: they are the label, and `sha256:` before them makes the event's digest.
 */
export class LayerProgress {
  readonly #layers = new Map<string, Layer>()
  readonly #tell: (event: BlobEvent) => void
  readonly #now: () => number
  #lostBytes = 0

  constructor(tell: (event: BlobEvent) => void, now: () => number) {
    this.#tell = tell
    this.#now = now
  }

  take(message: DaemonMessage): void {
    const { id, status = "" } = message
    const state = stateOf(status)
    if (id === undefined || state === undefined || !isLayerId(id)) return
    const layer = this.#layers.get(id) ?? { size: 0, offset: 0, state: "waiting", toldAt: Number.NEGATIVE_INFINITY }
    const isNew = !this.#layers.has(id)
    this.#layers.set(id, layer)
    const changed = isNew || layer.state !== state
    layer.state = state
    layer.size = Math.max(layer.size, message.total ?? 0)
    if (state === "copying") layer.offset = message.current ?? layer.offset
    if (state === "retrying") this.#lose(layer)
    // A push counts tar headers too, and small layers have no total.
    layer.size = Math.max(layer.size, layer.offset)
    if (state === "done" || state === "present" || state === "mounted") layer.offset = layer.size
    if (changed || this.#now() - layer.toldAt >= intervalMs) this.#tellAbout(id, layer)
  }

  /** The stream broke off: what is not done has to be fetched again. */
  breakOff(): void {
    for (const [id, layer] of this.#layers) {
      if (layer.state !== "copying" && layer.state !== "waiting") continue
      layer.state = "retrying"
      this.#lose(layer)
      this.#tellAbout(id, layer)
    }
  }

  /** Bytes of this phase that have arrived and need not be sent again. */
  get transferredBytes(): number {
    return this.#sum("copying", "done")
  }

  /** `bytes` went over the wire, repeats included. */
  get totals(): { readonly bytes: number; readonly sent: number; readonly skipped: number; readonly mounted: number } {
    const count = (state: BlobState): number => [...this.#layers.values()].filter((layer) => layer.state === state).length
    return {
      bytes: this.transferredBytes + this.#lostBytes,
      sent: count("done"),
      skipped: count("present"),
      mounted: count("mounted"),
    }
  }

  #lose(layer: Layer): void {
    this.#lostBytes += layer.offset
    layer.offset = 0
  }

  #sum(...wanted: readonly BlobState[]): number {
    let sum = 0
    for (const layer of this.#layers.values()) if (wanted.includes(layer.state)) sum += layer.offset
    return sum
  }

  #tellAbout(id: string, layer: Layer): void {
    layer.toldAt = this.#now()
    this.#tell({ type: "blob", digest: `sha256:${id}`, label: id, size: layer.size, state: layer.state, offset: layer.offset })
  }
}

function stateOf(status: string): BlobState | undefined {
  if (Object.hasOwn(states, status)) return states[status]
  if (status.startsWith("Retrying in")) return "retrying"
  return status.startsWith("Mounted from") ? "mounted" : undefined
}

function isLayerId(id: string): boolean {
  return /^[0-9a-f]{12}$/.test(id)
}
