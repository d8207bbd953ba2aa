import type { Socket } from "node:net"
import { performance } from "node:perf_hooks"
import { TLSSocket } from "node:tls"
import { TransferError } from "../../errors/transfer-error.ts"
import type { RequestBody } from "../http.ts"

/** A body of at most so many bytes goes out in one write with the head. */
const smallBody = 64 * 1024

/** Bytes that the buffers of the operating systems and proxies on the way may hold after we have handed over the last one. */
const bufferedOnTheWay = 8 * 1024 * 1024

interface Pace {
  /** Largest single write: progress is told no finer. */
  readonly sliceSize: number
  /** Bytes offered to the operating system at most before the body is asked for more. */
  readonly outstandingLimit: number
}

const plainPace: Pace = { sliceSize: 512 * 1024, outstandingLimit: 1024 * 1024 }

/** Node tells of an encrypted write only as a whole, so that a large one over a slow link would look like a stall. */
const tlsPace: Pace = { sliceSize: 64 * 1024, outstandingLimit: 128 * 1024 }

const noBody: RequestBody = { length: 0, async *open() {} }

/** Writes one request to a socket, no faster than the operating system takes it. */
export class RequestSender {
  readonly #socket: Socket
  readonly #head: Buffer
  readonly #body: RequestBody
  readonly #host: string
  readonly #pace: Pace
  #offered = 0
  #sent = 0
  #outstanding = 0
  #waitedMs = 0
  #complete = false
  #stopped = false
  #failed = false
  #wake: (() => void) | undefined
  #iterator: AsyncIterator<Buffer> | undefined

  constructor(socket: Socket, head: string, body: RequestBody | undefined, host: string) {
    this.#socket = socket
    this.#head = Buffer.from(head, "latin1")
    this.#body = body ?? noBody
    this.#host = host
    this.#pace = socket instanceof TLSSocket ? tlsPace : plainPace
  }

  /** The last byte has been offered, and no write has failed. */
  get complete(): boolean {
    return !this.#failed && (this.#complete || this.#offered === this.#body.length)
  }

  /**
   * How long the bytes that were taken last may still be on their way, judged by how long we were made to wait for room; in milliseconds.
   * Without it a slow link would look like a stall behind every large body.
   */
  get drainMs(): number {
    return this.#sent === 0 ? 0 : this.#waitedMs * Math.min(1, bufferedOnTheWay / this.#sent)
  }

  /** Everything so far has been taken, and the body is slow to yield more. */
  get starved(): boolean {
    return !this.#stopped && !this.complete && this.#outstanding === 0
  }

  /** Bytes of the body that the operating system has taken. */
  get sent(): number {
    return this.#sent
  }

  /** Bytes are on offer that the operating system has not taken. */
  get pending(): boolean {
    return this.#outstanding > 0
  }

  /** Sends everything. Resolves when the operating system has taken it, or after `stop`. Rejects with what the body throws. */
  async run(): Promise<void> {
    const { length } = this.#body
    if (length !== undefined && length <= smallBody) await this.#sendWhole(length)
    else await this.#stream(length)
    while (this.#outstanding > 0 && !this.#stopped) await this.#progress()
  }

  /** Offers nothing more, and lets go of the body. */
  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#wake?.()
    if (!this.#complete) this.#iterator?.return?.().catch(() => undefined)
  }

  async #sendWhole(length: number): Promise<void> {
    const parts = [this.#head]
    let size = 0
    if (length > 0) {
      for await (const chunk of this.#body.open()) {
        size += chunk.length
        if (size > length) break
        parts.push(chunk)
      }
      this.#checkLength(size, length)
    }
    if (this.#stopped) return
    this.#complete = true
    this.#write(Buffer.concat(parts), length)
  }

  async #stream(length: number | undefined): Promise<void> {
    this.#write(this.#head, 0)
    this.#iterator = this.#body.open()[Symbol.asyncIterator]()
    for (;;) {
      const { value: chunk, done } = await this.#iterator.next()
      if (this.#stopped) return
      if (done) break
      if (length !== undefined && this.#offered + chunk.length > length) this.#checkLength(this.#offered + chunk.length, length)
      if (length === undefined) await this.#sendChunk(chunk)
      else await this.#sendSlices(chunk)
      if (this.#stopped) return
    }
    if (length === undefined) this.#write(Buffer.from("0\r\n\r\n"), 0)
    else this.#checkLength(this.#offered, length)
    this.#complete = true
  }

  async #sendChunk(chunk: Buffer): Promise<void> {
    if (chunk.length === 0) return
    this.#socket.cork()
    this.#socket.write(`${chunk.length.toString(16)}\r\n`)
    this.#write(chunk, chunk.length, chunk)
    this.#socket.write("\r\n")
    this.#socket.uncork()
    await this.#room()
  }

  async #sendSlices(chunk: Buffer): Promise<void> {
    const { sliceSize } = this.#pace
    for (let at = 0; at < chunk.length && !this.#stopped; at += sliceSize) {
      const slice = chunk.length <= sliceSize ? chunk : chunk.subarray(at, at + sliceSize)
      this.#write(slice, slice.length, at + sliceSize >= chunk.length ? chunk : undefined)
      await this.#room()
    }
  }

  /** `last` is the chunk of the body that ends with these bytes. */
  #write(bytes: Buffer, bodyBytes: number, last?: Buffer): void {
    this.#outstanding += bytes.length
    this.#offered += bodyBytes
    this.#socket.write(bytes, (error) => {
      this.#outstanding -= bytes.length
      if (error) {
        this.#failed = true
        this.stop()
      } else if (bodyBytes > 0) {
        this.#sent += bodyBytes
        this.#body.onSent?.(this.#sent)
        if (last !== undefined) this.#body.onTaken?.(last)
      }
      this.#wake?.()
    })
  }

  async #room(): Promise<void> {
    if (this.#outstanding < this.#pace.outstandingLimit) return
    const since = performance.now()
    while (this.#outstanding >= this.#pace.outstandingLimit && !this.#stopped) await this.#progress()
    this.#waitedMs += performance.now() - since
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #checkLength(size: number, length: number): void {
    if (size === length) return
    const much = size > length ? `more than its ${length}` : `only ${size} of its ${length}`
    throw new TransferError("protocol", `the body for ${this.#host} has ${much} bytes`, { host: this.#host })
  }
}
