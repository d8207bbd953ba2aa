import type { IncomingMessage, ServerResponse } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import { Throttle } from "../proxy/throttle.ts"
import type { ArmedFault } from "./fault.ts"
import { type Reply, replySize } from "./reply.ts"
import type { LoggedRequest } from "./request-log.ts"
import type { Route } from "./route.ts"

/** Thrown when the connection is gone: there is nobody left to answer. */
export class ConnectionCut extends Error {}

/** One request and its answer, with the fault that meets it on the way in or out. */
export class Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly url: URL
  readonly route: Route
  readonly logged: LoggedRequest
  readonly fault: ArmedFault | undefined
  readonly #gone: AbortSignal

  constructor(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    about: { url: URL; route: Route; logged: LoggedRequest; fault: ArmedFault | undefined },
  ) {
    this.incoming = incoming
    this.outgoing = outgoing
    this.url = about.url
    this.route = about.route
    this.logged = about.logged
    this.fault = about.fault
    const gone = new AbortController()
    outgoing.once("close", () => gone.abort())
    this.#gone = gone.signal
  }

  get method(): string {
    return this.incoming.method ?? "GET"
  }

  get hasRequestBody(): boolean {
    return this.method === "POST" || this.method === "PATCH" || this.method === "PUT"
  }

  /** The fault, if it is of this kind and may strike now. */
  strikes(as: ArmedFault["fault"]["as"]): boolean {
    return this.fault?.fault.as === as && this.fault.strike()
  }

  /** Yields the request's body as it arrives. @throws ConnectionCut when it does not arrive whole. */
  async *body(): AsyncGenerator<Buffer> {
    const pieces = this.hasRequestBody ? this.#faulty(this.#received()) : this.#received()
    for await (const piece of pieces) {
      this.logged.bytesIn += piece.length
      yield piece
    }
  }

  /** The whole body, for small ones. */
  async bodyBytes(limitBytes: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = []
    let size = 0
    for await (const piece of this.body()) {
      size += piece.length
      if (size <= limitBytes) pieces.push(piece)
    }
    return size <= limitBytes ? Buffer.concat(pieces) : undefined
  }

  /** Sends an answer, with what the fault makes of it. */
  async send(reply: Reply): Promise<void> {
    const headers: Record<string, string> = { ...reply.headers }
    const size = replySize(reply)
    const fault = this.fault?.fault
    const facesBody = !this.hasRequestBody && this.method !== "HEAD" && reply.status < 300 && size !== 0
    const least = size ?? Number.POSITIVE_INFINITY
    let length = size
    let pieces = piecesOf(reply)
    let endsEarly = false
    if (facesBody && fault?.as === "truncate" && fault.after < least && this.fault?.strike()) {
      pieces = firstBytes(pieces, fault.after)
      endsEarly = !fault.chunked
      if (fault.chunked) length = undefined
    } else if (facesBody && fault?.as === "longer" && this.fault?.strike()) {
      const extra = Buffer.alloc(fault.extraBytes ?? 1, "!")
      pieces = followedBy(pieces, extra)
      if (size !== undefined) length = size + extra.length
    } else if (facesBody && fault?.as === "corrupt" && (fault.at ?? 0) < least && this.fault?.strike()) {
      pieces = changedAt(pieces, fault.at ?? 0)
    }
    if (length !== undefined && (length > 0 || reply.status !== 204)) headers["content-length"] = String(length)
    this.logged.status = reply.status
    this.outgoing.writeHead(reply.status, headers)
    if (this.method === "HEAD") {
      this.outgoing.end()
      return
    }
    this.outgoing.flushHeaders()
    for await (const piece of facesBody ? this.#faulty(pieces) : pieces) {
      this.logged.bytesOut += piece.length
      if (!this.outgoing.write(piece)) await this.#drained()
    }
    if (endsEarly) this.outgoing.socket?.end()
    else this.outgoing.end()
  }

  /** Cuts the connection with an RST. */
  cut(): ConnectionCut {
    this.incoming.socket.resetAndDestroy()
    return new ConnectionCut()
  }

  /** Waits, for good when no time is given. @throws ConnectionCut when the client leaves. */
  async wait(forMs: number | undefined): Promise<void> {
    try {
      await sleep(forMs ?? 2 ** 31 - 1, undefined, { signal: this.#gone, ref: forMs !== undefined })
    } catch {
      throw new ConnectionCut()
    }
  }

  async *#received(): AsyncGenerator<Buffer> {
    try {
      for await (const piece of this.incoming) yield piece as Buffer
    } catch {
      throw new ConnectionCut()
    }
  }

  /** Reset, stall and drip at their byte. */
  async *#faulty(pieces: Pieces): AsyncGenerator<Buffer> {
    const fault = this.fault?.fault
    if (fault?.as === "drip" && this.fault?.strike()) {
      yield* this.#dripping(pieces, new Throttle(fault.bytesPerSecond))
      return
    }
    if (fault?.as !== "reset" && fault?.as !== "stall") {
      yield* pieces
      return
    }
    const after = fault.after ?? 0
    let passed = 0
    for await (const piece of pieces) {
      const left = after - passed
      passed += piece.length
      if (left < 0 || passed < after) {
        yield piece
        continue
      }
      if (left > 0) yield piece.subarray(0, left)
      if (this.fault?.strike()) {
        // An RST drops what still lies in the kernel's send queue; the bytes before it get a moment to leave.
        if (fault.as === "reset" && left > 0) await this.wait(5)
        if (fault.as === "reset") throw this.cut()
        await this.wait(fault.forMs)
      }
      if (piece.length > left) yield piece.subarray(left)
    }
  }

  async *#dripping(pieces: Pieces, throttle: Throttle): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length; at += throttle.sliceBytes) {
        const slice = piece.subarray(at, at + throttle.sliceBytes)
        await throttle.take(slice.length, this.#gone).catch(() => {
          throw new ConnectionCut()
        })
        yield slice
      }
    }
  }

  async #drained(): Promise<void> {
    const { outgoing } = this
    await new Promise<void>((resolve) => {
      const done = () => {
        outgoing.removeListener("drain", done).removeListener("close", done)
        resolve()
      }
      outgoing.on("drain", done).on("close", done)
    })
    if (outgoing.destroyed) throw new ConnectionCut()
  }
}

type Pieces = AsyncIterable<Buffer> | Iterable<Buffer>

function piecesOf({ body }: Reply): Pieces {
  if (!body) return []
  if (Buffer.isBuffer(body)) return [body]
  return "stream" in body ? body.stream : body.content.read(body.from, body.end)
}

async function* firstBytes(pieces: Pieces, count: number): AsyncGenerator<Buffer> {
  let left = count
  for await (const piece of pieces) {
    yield piece.subarray(0, left)
    left -= piece.length
    if (left <= 0) return
  }
}

async function* followedBy(pieces: Pieces, last: Buffer): AsyncGenerator<Buffer> {
  yield* pieces
  yield last
}

async function* changedAt(pieces: Pieces, at: number): AsyncGenerator<Buffer> {
  let start = 0
  for await (const piece of pieces) {
    if (at >= start && at < start + piece.length) {
      const changed = Buffer.from(piece)
      changed.writeUInt8(changed.readUInt8(at - start) ^ 1, at - start)
      yield changed
    } else yield piece
    start += piece.length
  }
}
