import { setMaxListeners } from "node:events"
import type { Descriptor } from "../content/descriptor.ts"
import { type BlobSource, type ByteStream, canRange } from "../content/store.ts"
import { isCancellation, isRetryable, isTransferError, TransferError } from "../errors/transfer-error.ts"
import type { RangeReader, RangeWidth } from "./range-width.ts"
import { readSegment } from "./read-segment.ts"
import { RetryCount, type RetryPolicy } from "./retry-policy.ts"
import { Segment } from "./segment.ts"

const MiB = 1024 * 1024

/** Bytes that segments ahead of their turn may hold, all blobs of a session together. */
export interface WindowBudget {
  free: number
}

export interface FetchSettings {
  /** Places that have this blob, the preferred one first: when one fails or lies, another carries on. */
  readonly sources: readonly BlobSource[]
  readonly width: RangeWidth
  readonly window: WindowBudget
  readonly retry: RetryPolicy
  /**
   * How much is asked for first of a host of which nothing is known. Default 1 MiB: should it turn out slow, no connection has to be cut to share its
   * work. Infinity asks for everything at once, which is a single request where the host is fast.
   */
  readonly firstBytes?: number
  /** No byte for so long after the first one: asked again at the offset reached. Default 10,000. */
  readonly stallMs?: number
  readonly signal?: AbortSignal | undefined
  /** It broke off at `offset` and goes on after `waitMs`. */
  readonly onRetry?: (retry: { offset: number; error: TransferError; waitMs: number }) => void
  readonly onConnections?: (connections: number) => void
}

const firstSegmentBytes = MiB
const smallestSegmentBytes = 512 * 1024
const largestExtraBytes = 8 * MiB
const smallestStolenBytes = 256 * 1024
const headCapacityBytes = MiB

/**
 * The bytes of one blob from an offset to its end, in order, whatever the link does: broken or stalled connections are resumed at the byte,
 * slow ones are helped by further connections (`RangeWidth`) whose segments wait in a bounded window. Not verified.
 */
export class BlobFetch implements RangeReader {
  readonly #blob: Descriptor
  readonly #settings: FetchSettings
  readonly #ranges: boolean
  readonly #segments: Segment[] = []
  readonly #running = new Set<Segment>()
  /** Sources that are not asked any more, and why. */
  readonly #refused = new Map<BlobSource, unknown>()
  readonly #abort = new AbortController()
  readonly #reserved = new Map<Segment, number>()
  #nextSource = 0
  #assigned: number
  #growth: number
  #received = 0
  /** Segments that wait for another try. */
  #retrying = 0
  #ended = false
  starving = false

  constructor(blob: Descriptor, from: number, settings: FetchSettings) {
    // Every connection listens.
    setMaxListeners(0, this.#abort.signal)
    this.#blob = blob
    this.#settings = settings
    this.#assigned = from
    this.#growth = settings.firstBytes ?? firstSegmentBytes
    this.#ranges = settings.sources.every((source) => canRange(source)) && blob.size - from > 2 * firstSegmentBytes
  }

  /** @throws TransferError of the last try when none is left, or `cancelled`. */
  async *bytes(): ByteStream {
    const { width, signal } = this.#settings
    const cancel = () => this.#abort.abort()
    signal?.addEventListener("abort", cancel, { once: true })
    if (signal?.aborted) cancel()
    width.join(this)
    try {
      while (this.#segments.length > 0 || this.#assigned < this.#blob.size) {
        if (this.#abort.signal.aborted) throw new TransferError("cancelled", "cancelled")
        const segment = this.#segments[0] ?? this.#open()
        const chunk = segment.shift()
        if (chunk !== undefined) {
          yield chunk
        } else if (segment.complete) {
          this.#forget(segment)
        } else if (segment.error !== undefined) {
          throw segment.error
        } else {
          this.starving = true
          await segment.changed()
          this.starving = false
        }
      }
    } finally {
      this.#ended = true
      signal?.removeEventListener("abort", cancel)
      this.#abort.abort()
      width.leave(this)
      for (const segment of [...this.#segments]) this.#forget(segment)
    }
  }

  /** Opens what the width and the window allow. */
  widen(): void {
    while (!this.#ended && !this.#abort.signal.aborted) {
      const isAssigned = this.#assigned >= this.#blob.size
      if (!isAssigned && this.#running.size === 0) {
        this.#open()
        continue
      }
      // A source in trouble is not asked for more at once.
      if (!this.#ranges || !this.starving || this.#retrying > 0) return
      const tail = isAssigned ? this.#tailToShare() : undefined
      if ((isAssigned && tail === undefined) || !this.#settings.width.tryOpen()) return
      if (tail !== undefined) this.#shareTail(tail)
      const length = this.#extraLength()
      if (this.#settings.window.free < length) {
        this.#settings.width.closed()
        return
      }
      this.#open(length)
    }
  }

  #extraLength(): number {
    const { width } = this.#settings
    const share = Math.ceil((this.#blob.size - this.#assigned) / width.width)
    const length = Math.min(
      largestExtraBytes,
      Math.max(smallestSegmentBytes, width.connectionRate),
      Math.max(smallestSegmentBytes, share),
    )
    return Math.min(Math.ceil(length), this.#blob.size - this.#assigned)
  }

  #headLength(): number {
    const { width } = this.#settings
    if (!this.#ranges || !width.usable || width.fast) return Number.POSITIVE_INFINITY
    if (width.width > 1) return this.#extraLength()
    const length = this.#growth
    this.#growth *= 8
    return length
  }

  /** Starts the next segment: an extra one of `length` bytes, or without a length the reader's own next one. */
  #open(length?: number): Segment {
    const start = this.#assigned
    const extra = length !== undefined
    if (!extra) this.#settings.width.openFirst()
    const to = Math.min(this.#blob.size, start + (length ?? this.#headLength()))
    const segment = new Segment(start, to, extra ? to - start : headCapacityBytes)
    if (extra) {
      this.#settings.window.free -= length
      this.#reserved.set(segment, length)
    }
    this.#assigned = to
    this.#segments.push(segment)
    this.#start(segment)
    return segment
  }

  #start(segment: Segment): void {
    this.#running.add(segment)
    this.#settings.onConnections?.(this.#running.size)
    void this.#run(segment).finally(() => {
      this.#running.delete(segment)
      this.#settings.width.closed()
      this.#settings.onConnections?.(this.#running.size)
      // Another segment may have been merged into this one while it ended.
      if (!this.#ended && !segment.complete && segment.error === undefined && this.#segments.includes(segment)) {
        this.#settings.width.openFirst()
        this.#start(segment)
      }
      this.widen()
    })
  }

  #forget(segment: Segment): void {
    const index = this.#segments.indexOf(segment)
    if (index >= 0) this.#segments.splice(index, 1)
    this.#settings.window.free += this.#reserved.get(segment) ?? 0
    this.#reserved.delete(segment)
    segment.wake()
    if (!this.#ended) this.widen()
  }

  /** Everything is assigned, and connections may be idle: the last segment, while it has enough of a rest to share. */
  #tailToShare(): Segment | undefined {
    const { width, window } = this.#settings
    const last = this.#segments.at(-1)
    if (last === undefined || !this.#running.has(last) || last.to !== this.#assigned) return undefined
    const isWorthIt = width.usable && width.width > 1 && window.free >= largestExtraBytes
    return isWorthIt && last.to - last.next >= smallestStolenBytes ? last : undefined
  }

  /** Takes half of what is left from a segment, so that it can be assigned again. */
  #shareTail(tail: Segment): void {
    tail.to = tail.next + Math.min(Math.ceil((tail.to - tail.next) / 2), largestExtraBytes)
    this.#assigned = tail.to
  }

  #source(): BlobSource | undefined {
    const { sources } = this.#settings
    for (let tried = 0; tried < sources.length; tried++) {
      const source = sources[(this.#nextSource + tried) % sources.length]
      if (source !== undefined && !this.#refused.has(source)) return source
    }
    return undefined
  }

  async #run(segment: Segment): Promise<void> {
    const retries = new RetryCount(this.#settings.retry)
    while (!segment.complete && !this.#ended) {
      const source = this.#source()
      // What another segment gave up with is this one's reason as well.
      if (source === undefined) return segment.fail([...this.#refused.values()].at(-1))
      try {
        await this.#attempt(segment, source)
      } catch (error) {
        if (this.#ended) return
        if (isCancellation(error, this.#abort.signal))
          return segment.fail(new TransferError("cancelled", "cancelled", { cause: error }))
        const failure = await this.#recover(segment, source, error, retries)
        if (failure !== undefined) return segment.fail(failure)
      }
    }
  }

  /** Waits until another try makes sense; the error when none does. */
  async #recover(segment: Segment, source: BlobSource, error: unknown, retries: RetryCount): Promise<unknown> {
    if (isTransferError(error, "rate_limited")) this.#settings.width.backOff()
    const others = this.#settings.sources.some((other) => other !== source && !this.#refused.has(other))
    if (!isTransferError(error) || !isRetryable(error)) {
      this.#refused.set(source, error)
      return others ? undefined : error
    }
    const waitMs = retries.next(this.#received, error.retryAfterMs, error.attempts)
    if (waitMs === undefined) {
      const last = error.with({ attempts: retries.failures })
      this.#refused.set(source, last)
      return others ? undefined : last
    }
    if (others) this.#nextSource += 1
    this.#settings.onRetry?.({ offset: segment.next, error, waitMs })
    this.#retrying += 1
    try {
      if (waitMs > 0) await this.#settings.retry.clock.sleep(waitMs, this.#abort.signal)
    } catch (cancelled) {
      return cancelled
    } finally {
      this.#retrying -= 1
    }
    return undefined
  }

  #attempt(segment: Segment, source: BlobSource): Promise<void> {
    const { width, retry, stallMs = 10_000 } = this.#settings
    return readSegment(segment, {
      blob: this.#blob,
      source,
      clock: retry.clock,
      stallMs,
      survivableBytes: this.#ranges && width.usable ? width.cuts.survivableBytes : undefined,
      signal: this.#abort.signal,
      opened: (ms) => width.firstByte(ms),
      startIgnored: () => {
        width.disable()
        return this.#mergeIntoPrevious(segment)
      },
      endIgnored: () => this.#rangesIgnored(segment),
      received: (bytes) => {
        this.#received += bytes
        width.received(bytes)
      },
      cut: (bytes) => width.cuts.note(bytes),
    })
  }

  /** The source sends more than was asked for: where nobody else is at work on the rest, all of it comes over this connection. */
  #rangesIgnored(segment: Segment): void {
    this.#settings.width.disable()
    if (segment.to !== this.#assigned) return
    segment.to = this.#blob.size
    this.#assigned = this.#blob.size
  }

  /** The source ignored `from`: a segment ahead of its turn goes back to the connection before it. False for the segment whose turn it is. */
  #mergeIntoPrevious(segment: Segment): boolean {
    const index = this.#segments.indexOf(segment)
    const previous = this.#segments[index - 1]
    if (previous === undefined) return false
    previous.to = segment.to
    segment.to = segment.next
    this.#forget(segment)
    if (!this.#running.has(previous)) {
      this.#settings.width.openFirst()
      this.#start(previous)
    }
    return true
  }
}
