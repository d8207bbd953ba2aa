import type { Clock } from "../content/clock.ts"
import { CutMemory } from "./cut-memory.ts"

/** A reader of a blob that may open more connections when told that there is room. */
export interface RangeReader {
  /** True while its consumer waits for bytes. */
  readonly starving: boolean
  widen(): void
}

/** First bytes that take so long come over a long link. */
const longLinkMs = 50

export interface RangeWidthOptions {
  readonly clock: Clock
  /** Most connections to one host for blob bodies. */
  readonly maxConnections?: number
  /** A connection that gives this much is not the bottleneck, bytes per second. */
  readonly fastBytesPerSecond?: number
  readonly tickMs?: number
}

/**
 * How many connections blob bodies of one source host may use, all readers together. On a long or throttled link one connection never fills
 * it: the width doubles while consumers starve and each connection is slow, as long as the total grows with it; on a long link up to `trusted`
 * without that proof, since there it shows late. Where connections are fast, or the consumer is the slow side, it stays at one a reader.
 */
export class RangeWidth {
  static readonly trusted = 16
  readonly #clock: Clock
  readonly #max: number
  readonly #fast: number
  readonly #tickMs: number
  readonly #readers = new Set<RangeReader>()
  #width = 1
  #active = 0
  #bytes = 0
  #starvedTicks = 0
  #ticks = 0
  #epochStart = 0
  #firstByteMs = 0
  #rateBefore = 0
  #holdUntil = 0
  #disabled = false
  #timer: NodeJS.Timeout | undefined

  constructor(options: RangeWidthOptions) {
    this.#clock = options.clock
    this.#max = options.maxConnections ?? 32
    this.#fast = options.fastBytesPerSecond ?? 12_000_000
    this.#tickMs = options.tickMs ?? 50
  }

  /** How many bytes connections of this host survive. */
  readonly cuts = new CutMemory()

  /** Bytes per second that one connection gives, as last seen; 0 before the first epoch ended. */
  connectionRate = 0

  get width(): number {
    return this.#width
  }

  get usable(): boolean {
    return !this.#disabled
  }

  join(reader: RangeReader): void {
    this.#readers.add(reader)
    if (this.#timer !== undefined) return
    this.#beginEpoch()
    this.#timer = setInterval(() => this.#tick(), this.#tickMs)
    this.#timer.unref()
  }

  leave(reader: RangeReader): void {
    this.#readers.delete(reader)
    if (this.#readers.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** A connection beside a reader's first; false when the width is used up. */
  tryOpen(): boolean {
    if (this.#disabled || this.#active >= this.#width) return false
    this.#active += 1
    return true
  }

  /** A reader's first connection, which it always may have. */
  openFirst(): void {
    this.#active += 1
  }

  closed(): void {
    this.#active -= 1
  }

  received(bytes: number): void {
    this.#bytes += bytes
  }

  /** Time from a request to its first byte: on a long link the widening starts at once. */
  firstByte(ms: number): void {
    if (this.#firstByteMs !== 0) return
    this.#firstByteMs = ms
    if (ms >= longLinkMs) this.#setWidth(Math.min(this.#max, RangeWidth.trusted))
  }

  /** The source does not do ranges: one connection a blob from now on. */
  disable(): void {
    this.#disabled = true
  }

  /** The source asked us to slow down (429). */
  backOff(): void {
    this.#width = Math.max(1, Math.floor(this.#width / 2))
    this.#holdUntil = this.#clock.now() + 10_000
    this.#beginEpoch()
  }

  #beginEpoch(): void {
    this.#epochStart = this.#clock.now()
    this.#bytes = 0
    this.#ticks = 0
    this.#starvedTicks = 0
  }

  #setWidth(width: number): void {
    this.#width = width
    this.#beginEpoch()
    for (const reader of this.#readers) reader.widen()
  }

  #tick(): void {
    this.#ticks += 1
    let starving = false
    for (const reader of this.#readers) if (reader.starving) starving = true
    if (starving) this.#starvedTicks += 1
    const now = this.#clock.now()
    const elapsedMs = now - this.#epochStart
    if (elapsedMs < Math.max(3 * this.#tickMs, 2.5 * this.#firstByteMs)) return

    const rate = (this.#bytes / elapsedMs) * 1000
    this.connectionRate = rate / Math.max(1, this.#active)
    const hungry = this.#starvedTicks * 2 >= this.#ticks
    const fast = this.connectionRate >= this.#fast
    const trusted = this.#firstByteMs >= longLinkMs && this.#width < RangeWidth.trusted
    const grew = trusted || rate >= this.#rateBefore * 1.2
    if (this.#disabled || now < this.#holdUntil || !hungry || fast || this.#width >= this.#max) {
      this.#beginEpoch()
      for (const reader of this.#readers) reader.widen()
      return
    }
    this.#rateBefore = rate
    if (grew) {
      this.#setWidth(Math.min(this.#max, Math.max(this.#width, this.#active) * 2))
    } else {
      this.#holdUntil = now + 5_000
      this.#beginEpoch()
    }
  }
}
