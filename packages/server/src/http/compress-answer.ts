import type { IncomingMessage, ServerResponse } from "node:http"
import {
  type BrotliCompress,
  type BrotliOptions,
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  type Gzip,
  gzip,
  type ZlibOptions,
} from "node:zlib"
import { acceptedEncoding, type Encoding } from "./accepted-encoding.ts"
import { type GivenHeaders, setHeaders } from "./given-headers.ts"

/** What is shorter and whole gains nothing. */
const smallestBytes = 1024

const compressible = /^(?:text\/(?!event-stream)|image\/svg\+xml|application\/(?:[\w.-]+\+)?(?:json|javascript|xml)\b)/i

/** Level 5: two thirds of what 11 gains, as fast as gzip; at 4, pages are longer than by gzip. A small window, since every answer under way has its own. */
const brotliOptions: BrotliOptions = {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_LGWIN]: 18,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  },
}

const gzipOptions: ZlibOptions = { level: 6 }

type Written = Parameters<ServerResponse["write"]>[0]

/**
 * From here on, whatever is written into the answer is compressed on its way, as the client likes it, where that makes it smaller; never an event
 * stream, and never an answer that sets a cookie. An answer that is whole at once keeps a length. Of one that comes in parts, none waits for the
 * next, and none is taken before the client has read those before. Nothing is compressed on the event loop's own thread.
 */
export function compressAnswer(request: IncomingMessage, response: ServerResponse): void {
  const encoding = acceptedEncoding(request.headers["accept-encoding"]?.toString(), ["br", "gzip", "identity"])
  const isHead = request.method === "HEAD"
  const { writeHead, write, end, flushHeaders, emit } = response
  // Next puts one of its own in the place, which sets nothing more once headers count as sent.
  const setHeader = response.setHeader.bind(response)
  let stage: "open" | "head" | "held" | "streaming" | "ended" = "open"
  let reason: string | undefined
  /** The first part, until the event loop's turn is over: the end often follows at once. */
  let held: readonly [Written, ...unknown[]] | undefined
  let compressor: BrotliCompress | Gzip | undefined
  let isFlushing = false

  function isCompressible(): boolean {
    if (!compressible.test(String(response.getHeader("content-type") ?? ""))) return false
    return !response.hasHeader("content-encoding") && !response.hasHeader("set-cookie") && !hasNoBody(response.statusCode)
  }

  /** The coding for this client; caches are told that others get others. */
  function offer(): Encoding {
    const before = response.getHeader("vary")
    setHeader("vary", before === undefined ? "Accept-Encoding" : [...[before].flat().map(String), "Accept-Encoding"])
    return encoding
  }

  /** The headers of an answer in a coding of the client's choice; `bytes` where its length is known. */
  function describeCoded(bytes?: number): void {
    if (bytes === undefined) response.removeHeader("content-length")
    else setHeader("content-length", bytes)
    setHeader("content-encoding", encoding)
    const tag = response.getHeader("etag")
    if (typeof tag === "string" && !tag.startsWith("W/")) setHeader("etag", `W/${tag}`)
  }

  function sendHead(): void {
    Reflect.apply(writeHead, response, [response.statusCode, ...(reason === undefined ? [] : [reason])])
  }

  /** Decides for an answer whose end is not known yet, and sends what is held of it. */
  function startStream(): void {
    if (stage === "streaming" || stage === "ended") return
    stage = "streaming"
    if (isCompressible() && offer() !== "identity") {
      describeCoded()
      if (!isHead) compressor = connect(encoding === "br" ? createBrotliCompress(brotliOptions) : createGzip(gzipOptions))
    }
    sendHead()
    const first = held
    held = undefined
    if (first !== undefined) pass(first)
  }

  function pass(given: readonly [Written, ...unknown[]]): boolean {
    if (compressor === undefined) return Reflect.apply(write, response, given)
    const isTaken: boolean = Reflect.apply(compressor.write, compressor, given)
    flushSoon(compressor)
    return isTaken
  }

  function connect(made: BrotliCompress | Gzip): BrotliCompress | Gzip {
    made.on("data", (chunk: Buffer) => {
      if (!write.call(response, chunk, "utf8")) made.pause()
    })
    made.once("end", () => end.call(response, undefined, "utf8"))
    made.once("error", (error) => response.destroy(error))
    // Whoever writes waits for the answer to drain, and knows nothing of what stands between.
    made.on("drain", () => emit.call(response, "drain"))
    response.once("close", () => made.destroy())
    return made
  }

  function flushSoon(made: BrotliCompress | Gzip): void {
    if (isFlushing) return
    isFlushing = true
    setImmediate(() => {
      isFlushing = false
      if (made.writable) made.flush(encoding === "br" ? constants.BROTLI_OPERATION_FLUSH : constants.Z_SYNC_FLUSH)
    })
  }

  /** Sends an answer of which everything is known. Also to HEAD, which is told the length of what GET gets (RFC 9110 section 8.6). */
  function sendWhole(body: Buffer): void {
    const send = (bytes: Buffer) => {
      sendHead()
      end.call(response, isHead ? undefined : bytes, "utf8")
    }
    if (!hasNoBody(response.statusCode)) setHeader("content-length", body.length)
    const done = (error: Error | null, made: Buffer) => {
      if (response.destroyed) return
      const isSmaller = error === null && made.length < body.length
      if (isSmaller) describeCoded(made.length)
      send(isSmaller ? made : body)
    }
    const isCoded = isCompressible() && offer() !== "identity" && body.length >= smallestBytes
    if (!isCoded) send(body)
    else if (encoding === "br") brotliCompress(body, brotliOptions, done)
    else gzip(body, gzipOptions, done)
  }

  /** An answer to HEAD without the body that GET gets: what is known of it is the length that it declares, or nothing. */
  function endHead(): void {
    const declared = response.getHeader("content-length")
    if (declared === undefined || Number(declared) >= smallestBytes) startStream()
    else {
      if (isCompressible()) offer()
      sendHead()
    }
    end.call(response, undefined, "utf8")
  }

  /** Whoever handed a function in beside the last bytes. */
  function tell(given: readonly unknown[]): void {
    for (const told of given) if (typeof told === "function") response.once("finish", () => told())
  }

  function endWith(chunk: unknown, coding: unknown): void {
    const last = isWritten(chunk) ? bufferOf(chunk, coding) : undefined
    if (stage === "streaming") {
      stage = "ended"
      if (compressor === undefined) end.call(response, last, "utf8")
      else compressor.end(last)
      return
    }
    const first = held === undefined ? undefined : bufferOf(held[0], held[1])
    if (held !== undefined) tell(held)
    held = undefined
    const body = Buffer.concat([first, last].filter((part) => part !== undefined))
    if (isHead && body.length === 0) endHead()
    else sendWhole(body)
    stage = "ended"
  }

  Object.defineProperty(response, "headersSent", { configurable: true, get: () => stage !== "open" })
  Object.assign(response, {
    writeHead(status: number, ...rest: readonly (string | GivenHeaders | undefined)[]) {
      if (stage !== "open") throw new Error("the headers of this answer are written already")
      response.statusCode = status
      if (typeof rest[0] === "string") reason = rest[0]
      setHeaders(response, rest.at(-1))
      stage = "head"
      return response
    },

    flushHeaders() {
      startStream()
      flushHeaders.call(response)
    },

    write(...given: readonly [Written, ...unknown[]]) {
      if (stage === "ended") {
        response.destroy()
        return false
      }
      if (stage === "held") startStream()
      if (stage === "streaming") return pass(given)
      stage = "held"
      held = given
      setImmediate(() => {
        if (stage === "held" && !response.destroyed) startStream()
      })
      return true
    },

    end(...given: readonly unknown[]) {
      if (stage === "ended") return response
      tell(given)
      endWith(given[0], given[1])
      return response
    },

    emit(...given: Parameters<ServerResponse["emit"]>) {
      if (given[0] !== "drain" || compressor === undefined) return Reflect.apply(emit, response, given)
      compressor.resume()
      return true
    },
  })
}

function hasNoBody(status: number): boolean {
  return status < 200 || status === 204 || status === 304
}

function isWritten(chunk: unknown): chunk is string | Uint8Array {
  return typeof chunk === "string" || chunk instanceof Uint8Array
}

function bufferOf(chunk: string | Uint8Array, coding: unknown): Buffer {
  if (typeof chunk === "string") return Buffer.from(chunk, typeof coding === "string" ? (coding as BufferEncoding) : "utf8")
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}
