import type { Socket } from "node:net"
import { TransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest } from "../http.ts"
import { connectionError } from "./connection-error.ts"
import { type Answer, Exchange } from "./exchange.ts"
import { lingerAfterWriteError } from "./linger.ts"
import type { SlabReader } from "./slab-reader.ts"

export interface ConnectionOptions {
  readonly socket: Socket
  /** Present when the socket was opened with this reader's `onread`; otherwise 'data' events are used. */
  readonly reader?: SlabReader | undefined
  readonly host: string
}

/** An open socket that serves one exchange at a time. */
export class Connection {
  /** The peer ended the connection before the first byte of an answer: the request may never have been read (fault 30). */
  lostUnanswered = false
  /** Ready for another exchange; told how long the server waits for one, where it said so. */
  onIdle: ((keepAliveMs: number | undefined) => void) | undefined
  onClose: (() => void) | undefined
  readonly #socket: Socket
  readonly #reader: SlabReader | undefined
  readonly #host: string
  #exchange: Exchange | undefined
  #closed = false

  constructor({ socket, reader, host }: ConnectionOptions) {
    this.#socket = socket
    this.#reader = reader
    this.#host = host
    socket.setNoDelay(true)
    lingerAfterWriteError(socket)
    socket.on("error", (error) => this.#lost(connectionError(error, host)))
    socket.on("end", () => this.#ended())
    socket.on("close", () => this.#lost(new TransferError("network", `connection closed by ${host}`, { host })))
    socket.on("timeout", () => this.#exchange?.timedOut())
    if (reader) reader.sink = (chunk) => this.#received(chunk)
    else socket.on("data", (chunk: Buffer) => this.#received(chunk))
    socket.resume()
  }

  /**
   * Sends `request` under `head` and resolves with the response head.
   * @throws TransferError `network`, `protocol`, `cancelled`, or what the request's body throws; the connection is lost then.
   */
  exchange(request: HttpRequest, head: string): Promise<Answer> {
    if (this.#closed)
      return Promise.reject(new TransferError("network", `connection to ${this.#host} closed`, { host: this.#host }))
    this.#socket.ref()
    const exchange = new Exchange(request, {
      socket: this.#socket,
      head,
      expect: (bytes) => this.#reader?.expect(bytes),
      done: (reusable, keepAliveMs) => this.#done(reusable, keepAliveMs),
    })
    this.#exchange = exchange
    exchange.start()
    return exchange.answer
  }

  destroy(): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.destroy()
    this.#exchange?.fail(new TransferError("network", `connection to ${this.#host} closed`, { host: this.#host }))
    this.onClose?.()
  }

  #received(chunk: Buffer): void {
    // An answer that nobody asked for would be taken for the answer to the next request.
    if (this.#exchange) this.#exchange.received(chunk)
    else this.destroy()
  }

  #ended(): void {
    if (this.#exchange && !this.#exchange.answered) this.lostUnanswered = true
    this.#exchange?.eof()
    this.destroy()
  }

  #lost(error: TransferError): void {
    if (this.#exchange && !this.#exchange.answered) this.lostUnanswered = true
    this.#exchange?.fail(error)
    this.destroy()
  }

  #done(reusable: boolean, keepAliveMs: number | undefined): void {
    this.#exchange = undefined
    if (!reusable || this.#closed) {
      this.destroy()
    } else {
      this.#socket.unref()
      this.onIdle?.(keepAliveMs)
    }
  }
}
