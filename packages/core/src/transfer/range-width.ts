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
  /** A host that gives this much in all is fast enough, bytes per second: further connections would only cost processor time. */
  readonly fastBytesPerSecond?: number
  readonly tickMs?: number
}

/**
 * How many connections blob bodies of one source host may use, all readers together. On a long or throttled link one connection never fills
 * it: the width doubles while consumers starve and each connection is slow, as long as the total grows with it; on a long link up to `trusted`
 * without that proof, since there it shows late. What did not pay is taken back. Where the host is fast, or the consumer is the slow side, it
 * stays at one a reader.
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
  #widthBefore = 1
  #holdUntil = 0
  #disabled = false
  #timer: NodeJS.Timeout | undefined

  constructor(options: RangeWidthOptions) {
    this.#clock = options.clock
    this.#max = options.maxConnections ?? 32
    this.#fast = options.fastBytesPerSecond ?? 40_000_000
    this.#tickMs = options.tickMs ?? 50
  }

  /** How many bytes connections of this host survive. */
  readonly cuts = new CutMemory()

  /** Bytes per second that one connection gives, as last seen; 0 before the first epoch ended. */
  connectionRate = 0

  /** The host was seen to give enough: a blob is best read in one piece. */
  fast = false

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

  /** Time from a request to its first byte. The shortest counts; while it is long, the widening starts at once. */
  firstByte(ms: number): void {
    const wasLong = this.#isLong
    this.#firstByteMs = this.#firstByteMs === 0 ? ms : Math.min(this.#firstByteMs, ms)
    if (this.#isLong && this.#width === 1) this.#setWidth(Math.min(this.#max, RangeWidth.trusted))
    else if (wasLong && !this.#isLong) this.#width = 1
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

  get #isLong(): boolean {
    return this.#firstByteMs >= longLinkMs
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
    this.fast = rate >= this.#fast
    const trusted = this.#isLong && this.#width < RangeWidth.trusted
    const grew = trusted || rate >= this.#rateBefore * 1.2
    if (this.#disabled || now < this.#holdUntil || !hungry || this.fast || this.#width >= this.#max) {
      this.#beginEpoch()
      for (const reader of this.#readers) reader.widen()
      return
    }
    if (grew) {
      this.#widthBefore = this.#width
      this.#rateBefore = rate
      this.#setWidth(Math.min(this.#max, Math.max(this.#width, this.#active) * 2))
    } else {
      this.#width = this.#widthBefore
      this.#holdUntil = now + 5_000
      this.#rateBefore = 0
      this.#beginEpoch()
    }
  }
}
