import type { Clock } from "../content/clock.ts"
import type { Descriptor } from "../content/descriptor.ts"
import type { BlobSource } from "../content/store.ts"
import { isTransferError, TransferError } from "../errors/transfer-error.ts"
import type { Segment } from "./segment.ts"

/** One try to read a segment, and what its reader wants to know meanwhile. */
export interface SegmentReading {
  readonly blob: Descriptor
  readonly source: BlobSource
  readonly clock: Clock
  /** No byte for so long after the first one: the connection is given up. */
  readonly stallMs: number
  /** Most bytes to ask for, over a connection of its own; as far as the segment goes when undefined. */
  readonly survivableBytes: number | undefined
  readonly signal: AbortSignal
  /** The answer began so many milliseconds after the question. */
  opened(ms: number): void
  /** The source begins before the byte that was asked for. True when the segment is nobody's any more. */
  startIgnored(): boolean
  /** The source goes on beyond the byte up to which it was asked. */
  endIgnored(): void
  received(bytes: number): void
  /** The connection was cut after it gave so many bytes. */
  cut(bytes: number): void
}

/**
 * Reads a segment from where it stands, until it is complete or all that was asked for has come. Bytes from before are passed over, bytes beyond are not taken.
 * @throws TransferError `network` when it broke off, ended early or went silent; `protocol` for more bytes than the blob has.
 */
export async function readSegment(segment: Segment, reading: SegmentReading): Promise<void> {
  const { blob, source, clock, signal, survivableBytes } = reading
  const from = segment.next
  const wanted = Math.min(segment.to, from + (survivableBytes ?? blob.size))
  const attempt = new AbortController()
  signal.addEventListener("abort", () => attempt.abort(), { once: true, signal: attempt.signal })
  if (signal.aborted) attempt.abort()
  const silence = new Silence(reading.stallMs, () => attempt.abort())
  try {
    const asked = clock.now()
    const range = {
      ...(from > 0 ? { from } : {}),
      ...(wanted < blob.size ? { to: wanted } : {}),
      ...(survivableBytes === undefined ? {} : { alone: true }),
    }
    const read = await source.openBlob(blob, range, attempt.signal)
    reading.opened(clock.now() - asked)
    let offset = read.offset
    if (offset > from) throw new TransferError("protocol", `the source answered from byte ${offset} when asked from byte ${from}`)
    if (offset < from && reading.startIgnored()) return
    silence.watch()
    for await (const chunk of read.bytes) {
      silence.watch()
      if (signal.aborted) return
      const useful = fromByte(chunk, segment.next - offset)
      offset += chunk.length
      if (offset > blob.size)
        throw new TransferError("protocol", `the source sends more than the ${blob.size} bytes of ${blob.digest}`)
      if (offset > wanted) reading.endIgnored()
      if (useful !== undefined) {
        reading.received(useful.length)
        segment.push(useful)
      }
      if (segment.complete && (segment.to < wanted || offset > wanted)) return
      if (segment.full && !segment.complete) {
        silence.pause()
        await segment.room()
        if (signal.aborted) return
        silence.watch()
      }
    }
    if (!segment.complete && segment.next < wanted) {
      throw new TransferError("network", `the source ended ${blob.digest} at byte ${segment.next} of ${blob.size}`, {
        side: "source",
      })
    }
  } catch (error) {
    if (!silence.broken && isTransferError(error, "network")) reading.cut(segment.next - from)
    if (!silence.broken) throw error
    throw new TransferError("network", `no data for ${reading.stallMs / 1000} s`, { side: "source", cause: error })
  } finally {
    silence.pause()
    attempt.abort()
  }
}

/** What of a chunk is wanted; the chunk itself where all of it is, so that its memory can be given back. */
function fromByte(chunk: Buffer, skip: number): Buffer | undefined {
  if (skip <= 0) return chunk
  return skip < chunk.length ? chunk.subarray(skip) : undefined
}

/** Notices that nothing comes. */
class Silence {
  broken = false
  readonly #limitMs: number
  readonly #notice: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(limitMs: number, notice: () => void) {
    this.#limitMs = limitMs
    this.#notice = notice
  }

  /** From now on, and from the start again. */
  watch(): void {
    if (this.#timer !== undefined) {
      this.#timer.refresh()
      return
    }
    this.#timer = setTimeout(() => {
      this.broken = true
      this.#notice()
    }, this.#limitMs)
  }

  pause(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
