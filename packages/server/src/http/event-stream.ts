import type { ServerResponse } from "node:http"

export interface EventStreamOptions {
  /** A comment goes out this often, so that proxies keep the connection and we notice who is gone. Default 15 s. */
  readonly heartbeatMs?: number
  /** How long a client may take to read what waits for it. Default 30 s. */
  readonly drainMs?: number
}

const heartbeat = Buffer.from(": \n\n")

/**
 * Server-sent events over one response (HTML standard, "Server-sent events"). At most one event waits for a client that does not read; one that reads
 * nothing for too long is cut off, and comes back with the last identifier that it got.
 */
export class EventStream {
  readonly #response: ServerResponse
  readonly #left = new AbortController()
  readonly #drainMs: number
  readonly #timer: NodeJS.Timeout

  /** Answers 200 at once. */
  constructor(response: ServerResponse, options: EventStreamOptions = {}) {
    this.#response = response
    this.#drainMs = options.drainMs ?? 30_000
    response.once("close", () => this.#end())
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" })
    response.flushHeaders()
    this.#timer = setInterval(() => {
      if (!response.writableNeedDrain) response.write(heartbeat)
    }, options.heartbeatMs ?? 15_000)
    this.#timer.unref()
    // Whoever left while this was being prepared is not heard to leave any more.
    if (response.destroyed) this.#end()
  }

  /** Aborted once the client is gone. */
  get left(): AbortSignal {
    return this.#left.signal
  }

  /** Resolves when the next event may come; false once nobody reads any more. */
  async send(frame: Uint8Array): Promise<boolean> {
    if (this.#left.signal.aborted) return false
    if (this.#response.write(frame)) return true
    return this.#drained()
  }

  /** Says that this was the end, so that the client does not come back. */
  close(lastFrame?: Uint8Array): void {
    if (!this.#left.signal.aborted) this.#response.end(lastFrame)
    this.#end()
  }

  #end(): void {
    clearInterval(this.#timer)
    this.#left.abort()
  }

  #drained(): Promise<boolean> {
    const { promise, resolve } = withResolvers<boolean>()
    const response = this.#response
    const onDrain = () => resolve(true)
    const onLeft = () => resolve(false)
    const timer = setTimeout(() => response.destroy(), this.#drainMs)
    response.once("drain", onDrain)
    this.#left.signal.addEventListener("abort", onLeft, { once: true })
    return promise.finally(() => {
      clearTimeout(timer)
      response.off("drain", onDrain)
      this.#left.signal.removeEventListener("abort", onLeft)
    })
  }
}

/** One event as it goes over the wire. Without an identifier the client keeps the one before. */
export function eventFrame(event: { readonly id?: number; readonly type: string; readonly data: unknown }): Buffer {
  const id = event.id === undefined ? "" : `id: ${event.id}\n`
  return Buffer.from(`${id}event: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`)
}

function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
