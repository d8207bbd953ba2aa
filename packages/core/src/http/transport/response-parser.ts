import { TransferError } from "../../errors/transfer-error.ts"
import { ChunkedDecoder } from "./chunked-decoder.ts"
import { LineReader } from "./line-reader.ts"
import { parseResponseHead, type ResponseHead } from "./response-head.ts"

/** Most bytes of status line and headers, interim responses included. */
export const headLimit = 64 * 1024

/** What a parser tells, in this order: `head` once, `data` any number of times, `end` once. */
export interface ResponseEvents {
  head(head: ResponseHead): void
  /** A view into the bytes that were pushed; never empty. */
  data(chunk: Buffer): void
  end(): void
}

/** Strict incremental parser of one HTTP/1.x response (RFC 9112). Interim (1xx) responses are skipped. */
export class ResponseParser {
  readonly #method: string
  readonly #host: string
  readonly #events: ResponseEvents
  readonly #reader: LineReader
  #lines: string[] = []
  #head: ResponseHead | undefined
  #chunked: ChunkedDecoder | undefined
  #received = 0
  #done = false

  constructor(method: string, host: string, events: ResponseEvents) {
    this.#method = method
    this.#host = host
    this.#events = events
    this.#reader = new LineReader(headLimit, host)
  }

  get done(): boolean {
    return this.#done
  }

  /**
   * Takes the next bytes; answers how many belonged to this response (fewer than all only when it ended).
   * @throws TransferError `protocol` or, for a bare LF, `network`.
   */
  push(chunk: Buffer): number {
    let at = 0
    while (!this.#done && at < chunk.length) {
      at = this.#head ? this.#body(this.#head, chunk, at) : this.#headLine(chunk, at)
    }
    return at
  }

  /** The connection ended in good order. @throws TransferError `network` when the response had not. */
  eof(): void {
    if (this.#done) return
    if (this.#head?.framing.kind !== "close") throw new TransferError("network", this.#earlyEnd(), { host: this.#host })
    this.#end()
  }

  #earlyEnd(): string {
    const framing = this.#head?.framing
    if (framing === undefined) return `${this.#host} closed the connection before answering`
    const size =
      framing.kind === "length" ? `${this.#received} of ${framing.length} bytes` : `${this.#received} bytes, before the end`
    return `${this.#host} closed the connection after ${size}`
  }

  #headLine(chunk: Buffer, from: number): number {
    const found = this.#reader.next(chunk, from)
    if (!found) return chunk.length
    if (found.line !== "") {
      this.#lines.push(found.line)
      return found.end
    }
    const head = parseResponseHead(this.#lines, this.#method, this.#host)
    this.#lines = []
    if (head.status === 101) throw new TransferError("protocol", `${this.#host} switched protocols unasked`, { host: this.#host })
    if (head.status < 200) return found.end
    this.#head = head
    if (head.framing.kind === "chunked") this.#chunked = new ChunkedDecoder(this.#host, (data) => this.#data(data))
    this.#events.head(head)
    const empty = head.framing.kind === "none" || (head.framing.kind === "length" && head.framing.length === 0)
    if (empty) this.#end()
    return found.end
  }

  #body(head: ResponseHead, chunk: Buffer, from: number): number {
    if (this.#chunked) {
      const end = this.#chunked.push(chunk, from)
      if (this.#chunked.done) this.#end()
      return end
    }
    const wanted = head.framing.kind === "length" ? head.framing.length - this.#received : Number.POSITIVE_INFINITY
    const end = Math.min(chunk.length, from + wanted)
    this.#data(from === 0 && end === chunk.length ? chunk : chunk.subarray(from, end))
    if (head.framing.kind === "length" && this.#received === head.framing.length) this.#end()
    return end
  }

  #data(data: Buffer): void {
    this.#received += data.length
    this.#events.data(data)
  }

  #end(): void {
    this.#done = true
    this.#events.end()
  }
}
