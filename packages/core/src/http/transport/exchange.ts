import type { Socket } from "node:net"
import { TransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest, ResponseBody } from "../http.ts"
import { BodyQueue } from "./body-queue.ts"
import { RequestSender } from "./request-sender.ts"
import type { ResponseHead } from "./response-head.ts"
import { ResponseParser } from "./response-parser.ts"

export interface Answer {
  readonly head: ResponseHead
  readonly body: ResponseBody
}

export interface ExchangeOptions {
  readonly socket: Socket
  /** Head of the request as it goes on the wire. */
  readonly head: string
  /** A body of so many bytes begins. */
  expect(bytes: number): void
  /** Everything is over; the connection may serve another exchange, or must be destroyed. Called once. */
  done(reusable: boolean, keepAliveMs: number | undefined): void
}

const defaultIdleTimeoutMs = 30_000

/** One request and its response on a connection that serves nothing else meanwhile. */
export class Exchange {
  /** Resolves with the response head; the body goes on after that. */
  readonly answer: Promise<Answer>
  /** A byte of the response has arrived. */
  answered = false
  readonly #request: HttpRequest
  readonly #options: ExchangeOptions
  readonly #host: string
  readonly #idleTimeoutMs: number
  readonly #sender: RequestSender
  readonly #parser: ResponseParser
  #resolve: (answer: Answer) => void = () => undefined
  #reject: (error: unknown) => void = () => undefined
  #body: BodyQueue | undefined
  #keepAlive = false
  #keepAliveMs: number | undefined
  #paused = false
  #reads = 0
  #sending = true
  #over = false

  constructor(request: HttpRequest, options: ExchangeOptions) {
    this.#request = request
    this.#options = options
    this.#host = request.url.host
    this.#idleTimeoutMs = request.idleTimeoutMs ?? defaultIdleTimeoutMs
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#parser = new ResponseParser(request.method, this.#host, {
      head: (head) => this.#head(head),
      data: (chunk) => this.#body?.push(chunk),
      end: () => this.#body?.end(),
    })
    this.#sender = new RequestSender(options.socket, options.head, request.body, this.#host)
  }

  /** Begins to send. */
  start(): void {
    const { signal } = this.#request
    if (signal?.aborted) {
      this.#cancel()
      return
    }
    signal?.addEventListener("abort", this.#cancel, { once: true })
    this.#options.socket.setTimeout(this.#idleTimeoutMs)
    this.#sender.run().then(
      () => {
        this.#sending = false
        this.#finish()
        if (!this.#over && !this.#body) this.#options.socket.setTimeout(this.#idleTimeoutMs + this.#sender.drainMs)
      },
      (error: unknown) => this.fail(error),
    )
  }

  /** Bytes from the server. */
  received(chunk: Buffer): void {
    if (this.#over) return
    this.answered = true
    this.#reads += 1
    try {
      if (this.#parser.push(chunk) < chunk.length) this.#keepAlive = false
    } catch (error) {
      this.fail(error)
    }
    this.#finish()
  }

  /** The server has closed its side. */
  eof(): void {
    if (this.#over) return
    try {
      this.#keepAlive = false
      this.#parser.eof()
      this.#finish()
    } catch (error) {
      this.fail(error)
    }
  }

  /** The idle timer ran out. Nobody waits for the server while our own consumer or our own body is the slow one. */
  timedOut(): void {
    if (this.#over) return
    // Timers run before sockets: after a busy moment of our own, what the server sent may be waiting to be read.
    const before = this.#progress
    setImmediate(() => {
      if (this.#over) return
      if (this.#paused || this.#sender.starved || this.#progress !== before) this.#options.socket.setTimeout(this.#idleTimeoutMs)
      else this.#stalled()
    })
  }

  #stalled(): void {
    const refusing = this.#body === undefined && this.#sender.pending
    const text = `no data ${refusing ? "taken by" : "from"} ${this.#host} for ${this.#idleTimeoutMs / 1000} s`
    this.fail(new TransferError("network", text, { host: this.#host }))
  }

  get #progress(): number {
    return this.#reads + this.#sender.sent
  }

  /** Ends the exchange with `error`, which costs the connection. */
  fail(error: unknown): void {
    if (this.#over) return
    this.#reject(error)
    this.#body?.end(error)
    this.#close(false)
  }

  readonly #cancel = (): void => {
    this.fail(new TransferError("cancelled", "cancelled", { host: this.#host, cause: this.#request.signal?.reason }))
  }

  #head(head: ResponseHead): void {
    const { socket, expect } = this.#options
    this.#keepAlive = head.keepAlive && this.#sender.complete && this.#request.connection !== "own"
    this.#keepAliveMs = head.keepAliveMs
    if (!this.#sender.complete) this.#sender.stop()
    socket.setTimeout(this.#idleTimeoutMs)
    const length = head.framing.kind === "length" ? head.framing.length : undefined
    if (length !== undefined) expect(length)
    this.#body = new BodyQueue({
      host: this.#host,
      length: head.framing.kind === "none" ? 0 : length,
      pause: () => {
        this.#paused = true
        socket.pause()
      },
      resume: () => {
        this.#paused = false
        socket.setTimeout(this.#idleTimeoutMs)
        socket.resume()
      },
      abandon: () => this.#close(false),
    })
    this.#resolve({ head, body: this.#body })
  }

  #finish(): void {
    if (!this.#over && this.#parser.done && (!this.#sending || !this.#keepAlive)) this.#close(this.#keepAlive)
  }

  #close(reusable: boolean): void {
    if (this.#over) return
    this.#over = true
    this.#sender.stop()
    this.#request.signal?.removeEventListener("abort", this.#cancel)
    if (this.#paused && reusable) this.#options.socket.resume()
    this.#options.socket.setTimeout(0)
    this.#options.done(reusable, this.#keepAliveMs)
  }
}
