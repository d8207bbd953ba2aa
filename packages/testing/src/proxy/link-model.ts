import type { Clock } from "./clock.ts"
import { CubicWindow } from "./cubic-window.ts"

export interface LinkOptions {
  /** Round trip, half of it each way; a connection costs one before its first byte. */
  readonly rttMs?: number
  /** Probability that a burst is lost. */
  readonly lossRate?: number
  /** Of all connections together, in each direction. */
  readonly bandwidthBitsPerSecond?: number
  readonly perConnectionBytesPerSecond?: number
  /** How senders hold back: `cubic`, or `none` where only the rates shall count; cubic unless the round trip is 0. */
  readonly sender?: "cubic" | "none"
  /**
   * Segments that travel, and get lost, together. Linux hands such bursts to its queues (segmentation offload), so that its network emulator
   * drops them as one: 4, the default, gives the throughput that is measured there.
   */
  readonly segmentsPerBurst?: number
  readonly seed?: number
}

const segmentBytes = 1448
/** What a receiver buffers at most. */
const windowBytes = 4 * 1024 * 1024
/** What a sender that knows no congestion has under way where the link has no length. */
const shortWindowBytes = 256 * 1024
/** A queue that would take longer than this (or a round trip) to leave drops what comes. */
const queueMs = 250

/** One direction of a link: its bottleneck, which all flows share, and its luck. */
export class LinkDirection {
  readonly options: LinkOptions
  readonly clock: Clock
  readonly #random: () => number
  #freeAtMs = 0

  constructor(options: LinkOptions, clock: Clock) {
    this.options = options
    this.clock = clock
    this.#random = randomNumbers(options.seed ?? 3)
  }

  loses(): boolean {
    return this.#random() < (this.options.lossRate ?? 0)
  }

  /** When these bytes have left the bottleneck; `dropped` when its queue was full, and they have to be sent again. */
  pass(bytes: number, fromMs: number): { leavesMs: number; dropped: boolean } {
    const { bandwidthBitsPerSecond, rttMs = 0 } = this.options
    if (!bandwidthBitsPerSecond) return { leavesMs: fromMs, dropped: false }
    const start = Math.max(this.#freeAtMs, fromMs)
    this.#freeAtMs = start + (bytes * 8000) / bandwidthBitsPerSecond
    return { leavesMs: this.#freeAtMs, dropped: start - fromMs > Math.max(queueMs, rttMs) }
  }
}

/** One connection's bytes in one direction: held back by its window, delivered late, in order, and sometimes twice as late. */
export class Flow {
  readonly #link: LinkDirection
  readonly #deliver: (bytes: Buffer) => void
  readonly #canTake: () => number
  readonly #window: CubicWindow | undefined
  readonly #fixedWindow: number
  readonly #rttMs: number
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #inFlight = 0
  #lastDelivery = 0
  #ownFreeAtMs = 0
  #startsAtMs: number
  #armed = false

  /** `canTake` says how many bytes the receiver still has room for. */
  constructor(
    link: LinkDirection,
    startsAtMs: number,
    deliver: (bytes: Buffer) => void,
    canTake: () => number = () => windowBytes,
  ) {
    this.#link = link
    this.#deliver = deliver
    this.#canTake = canTake
    this.#startsAtMs = startsAtMs
    this.#rttMs = link.options.rttMs ?? 0
    const sender = link.options.sender ?? (this.#rttMs > 0 ? "cubic" : "none")
    this.#fixedWindow = this.#rttMs > 0 ? windowBytes : shortWindowBytes
    this.#window = sender === "cubic" ? new CubicWindow() : undefined
  }

  /** Bytes that were offered and have not left yet. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** When everything sent so far will have been delivered. */
  get lastDeliveryMs(): number {
    return this.#lastDelivery
  }

  get idle(): boolean {
    return this.#waitingBytes === 0
  }

  offer(bytes: Buffer): void {
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    this.send()
  }

  /** Sends what the window allows; to be called again when the receiver has room. */
  send(): void {
    const { clock } = this.#link
    const now = clock.now()
    if (now < this.#startsAtMs) {
      if (!this.#armed) clock.at(this.#startsAtMs, () => this.send())
      this.#armed = true
      return
    }
    const burst = (this.#link.options.segmentsPerBurst ?? 4) * segmentBytes
    while (this.#waitingBytes > 0) {
      const allowed =
        (this.#window ? Math.min(this.#window.segments * segmentBytes, windowBytes) : this.#fixedWindow) - this.#inFlight
      const room = Math.min(allowed, this.#canTake() - this.#inFlight)
      const size = Math.min(burst, this.#waitingBytes, Math.floor(room))
      if (size <= 0 || (size < segmentBytes && size < this.#waitingBytes)) return
      this.#launch(this.#take(size), now)
    }
  }

  #launch(bytes: Buffer, now: number): void {
    const { clock, options } = this.#link
    const rate = options.perConnectionBytesPerSecond
    this.#inFlight += bytes.length
    if (rate) this.#ownFreeAtMs = Math.max(this.#ownFreeAtMs, now) + (bytes.length * 1000) / rate
    const ready = rate ? this.#ownFreeAtMs : now
    const { leavesMs, dropped } = this.#link.pass(bytes.length, ready)
    let arrival = leavesMs + this.#rttMs / 2
    if ((dropped && this.#window) || this.#link.loses()) {
      clock.at(arrival + this.#rttMs / 2, () => this.#window?.lost(clock.now(), this.#rttMs))
      do arrival += Math.max(this.#rttMs, 1)
      while (this.#link.loses())
    }
    this.#lastDelivery = Math.max(this.#lastDelivery, arrival)
    clock.at(this.#lastDelivery, () => this.#deliver(bytes))
    clock.at(arrival + this.#rttMs / 2, () => {
      this.#inFlight -= bytes.length
      this.#window?.acknowledged(bytes.length / segmentBytes, clock.now(), this.#rttMs)
      this.send()
    })
  }

  #take(size: number): Buffer {
    const taken: Buffer[] = []
    let missing = size
    while (missing > 0) {
      const first = this.#waiting[0]
      if (!first) break
      const piece = first.subarray(0, missing)
      if (piece.length === first.length) this.#waiting.shift()
      else this.#waiting[0] = first.subarray(missing)
      taken.push(piece)
      missing -= piece.length
    }
    this.#waitingBytes -= size
    return taken.length === 1 && taken[0] ? taken[0] : Buffer.concat(taken)
  }
}

/** mulberry32: small, and the same everywhere. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
