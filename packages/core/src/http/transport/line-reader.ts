import { TransferError } from "../../errors/transfer-error.ts"

const CR = 13
const LF = 10

/**
 * Collects CRLF-terminated lines from chunks that may break anywhere. A bare LF ends the connection as a `network` error that is
 * worth a retry: Docker Hub's edge sometimes answers so (hub-feedback #1907), and reading it leniently would open response splitting.
 */
export class LineReader {
  #partial = ""
  #budget: number
  readonly #limit: number
  readonly #host: string

  constructor(limit: number, host: string) {
    this.#limit = limit
    this.#budget = limit
    this.#host = host
  }

  /** Starts counting towards the limit anew. */
  reset(): void {
    this.#budget = this.#limit
    this.#partial = ""
  }

  /**
   * The next line without its CRLF, and where the rest of `chunk` begins; undefined when `chunk` ends first.
   * @throws TransferError `protocol` over the limit or for a bare CR, `network` for a bare LF.
   */
  next(chunk: Buffer, from: number): { line: string; end: number } | undefined {
    const newline = chunk.indexOf(LF, from)
    const end = newline < 0 ? chunk.length : newline + 1
    this.#budget -= end - from
    if (this.#budget < 0)
      throw new TransferError("protocol", `${this.#host} sent a head over ${this.#limit} bytes`, { host: this.#host })
    const text = this.#partial + chunk.toString("latin1", from, end)
    if (newline < 0) {
      this.#partial = text
      return undefined
    }
    this.#partial = ""
    if (text.charCodeAt(text.length - 2) !== CR) {
      throw new TransferError("network", `${this.#host} sent a malformed answer: a line that ends in a bare LF`, {
        host: this.#host,
      })
    }
    const line = text.slice(0, -2)
    if (line.includes("\r")) throw new TransferError("protocol", `${this.#host} sent a bare CR in a line`, { host: this.#host })
    return { line, end }
  }
}
