import { TransferError } from "../../errors/transfer-error.ts"
import { LineReader } from "./line-reader.ts"

/** Most bytes of one chunk-size line, extensions included, and of all trailers together. */
const lineLimit = 8 * 1024

/** A size of at most 13 hex digits, then optional extensions, whose text is ignored (RFC 9112, section 7.1). */
const sizeLine = /^([0-9A-Fa-f]{1,13})(?:;[\t\x20-\x7e\x80-\xff]*)?$/

/** Undoes the chunked transfer coding; data are views into what was pushed. Trailers are read and dropped. */
export class ChunkedDecoder {
  readonly #host: string
  readonly #data: (chunk: Buffer) => void
  readonly #reader: LineReader
  #state: "size" | "data" | "dataEnd" | "trailer" | "done" = "size"
  #left = 0

  constructor(host: string, data: (chunk: Buffer) => void) {
    this.#host = host
    this.#data = data
    this.#reader = new LineReader(lineLimit, host)
  }

  get done(): boolean {
    return this.#state === "done"
  }

  /** Takes `chunk` from `from`; answers where it stopped: the end, or behind the last chunk. @throws TransferError. */
  push(chunk: Buffer, from: number): number {
    let at = from
    while (at < chunk.length && this.#state !== "done") {
      at = this.#state === "data" ? this.#takeData(chunk, at) : this.#takeLine(chunk, at)
    }
    return at
  }

  #takeData(chunk: Buffer, from: number): number {
    const end = Math.min(chunk.length, from + this.#left)
    this.#left -= end - from
    if (this.#left === 0) this.#state = "dataEnd"
    this.#data(chunk.subarray(from, end))
    return end
  }

  #takeLine(chunk: Buffer, from: number): number {
    const found = this.#reader.next(chunk, from)
    if (!found) return chunk.length
    if (this.#state === "size") this.#startChunk(found.line)
    else if (this.#state === "dataEnd") this.#endChunk(found.line)
    else if (found.line === "") this.#state = "done"
    return found.end
  }

  #startChunk(line: string): void {
    const digits = sizeLine.exec(line)?.[1]
    if (digits === undefined) throw this.#refuse("a malformed chunk size")
    this.#reader.reset()
    this.#left = Number.parseInt(digits, 16)
    this.#state = this.#left === 0 ? "trailer" : "data"
  }

  #endChunk(line: string): void {
    if (line !== "") throw this.#refuse("a chunk longer than its size")
    this.#reader.reset()
    this.#state = "size"
  }

  #refuse(what: string): TransferError {
    return new TransferError("protocol", `${this.#host} sent ${what}`, { host: this.#host })
  }
}
