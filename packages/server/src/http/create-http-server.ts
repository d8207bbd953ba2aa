import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { Socket } from "node:net"

/** How long and how large requests may be. Times in milliseconds. */
export interface HttpCaps {
  /** From the first byte of a request to the end of its headers. Default 10 s. */
  readonly headersTimeoutMs?: number
  /** From the end of a request's headers to the end of its body; 0 for none. Default 60 s. */
  readonly requestTimeoutMs?: number
  /** Requests whose bodies may take longer: whoever answers them watches that they move. Default none. */
  readonly mayTakeLong?: (request: IncomingMessage) => boolean
  /** Between two requests of a connection. Default 65 s, longer than the proxies' usual minute. */
  readonly keepAliveTimeoutMs?: number
  /** Default 16 KiB. */
  readonly maxHeaderBytes?: number
  /** A client that takes nothing of what waits for it is cut off. Default 30 s. */
  readonly writeIdleMs?: number
  /** Connections in all. Default 10,000. */
  readonly maxConnections?: number
  /** Connections of one address. Default 1,000: many people may stand behind one. */
  readonly maxConnectionsPerAddress?: number
  /** Proxies, whose connections are those of many. Default none. */
  readonly isProxy?: (address: string) => boolean
}

/**
 * An HTTP server that slow and greedy clients cannot hold up (RELIABILITY S22). Requests to upgrade are refused: nothing of ours speaks anything else.
 * Listening and closing are the caller's.
 */
export function createHttpServer(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  caps: HttpCaps = {},
): Server {
  const headersTimeout = caps.headersTimeoutMs ?? 10_000
  const requestTimeoutMs = caps.requestTimeoutMs ?? 60_000
  const mayTakeLong = caps.mayTakeLong ?? (() => false)
  const server = createServer(
    {
      headersTimeout,
      // Node's own would be one for all requests.
      requestTimeout: 0,
      keepAliveTimeout: caps.keepAliveTimeoutMs ?? 65_000,
      maxHeaderSize: caps.maxHeaderBytes ?? 16 * 1024,
      connectionsCheckingInterval: Math.max(50, Math.min(headersTimeout / 4, 2_000)),
      insecureHTTPParser: false,
    },
    (request, response) => {
      if (asksToUpgrade(request)) return refuseUpgrade(response)
      if (requestTimeoutMs > 0 && hasBody(request) && !mayTakeLong(request)) limitBody(request, response, requestTimeoutMs)
      handler(request, response)
    },
  )
  server.maxConnections = caps.maxConnections ?? 10_000
  limitPerAddress(server, caps.maxConnectionsPerAddress ?? 1_000, caps.isProxy ?? (() => false))
  cutIdleWriters(server, caps.writeIdleMs ?? 30_000)
  return server
}

/** RFC 9112, section 6.3. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0"
}

function limitBody(request: IncomingMessage, response: ServerResponse, limitMs: number): void {
  const { socket } = request
  const timer = setTimeout(() => {
    if (!response.headersSent) socket.write("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n")
    socket.destroySoon()
  }, limitMs)
  const stop = () => clearTimeout(timer)
  request.once("end", stop)
  request.once("close", stop)
  response.once("close", stop)
}

/** `h2c` is an offer that may be passed over; anything else wants the connection for itself. */
function asksToUpgrade(request: IncomingMessage): boolean {
  const offers = (request.headers.upgrade ?? "").split(",").map((offer) => offer.trim().toLowerCase())
  return offers.some((offer) => offer !== "" && offer !== "h2c")
}

function refuseUpgrade(response: ServerResponse): void {
  response.writeHead(400, {
    connection: "close",
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
  })
  response.end("This server speaks nothing but HTTP/1.1.\n")
}

function limitPerAddress(server: Server, limit: number, isProxy: (address: string) => boolean): void {
  const counts = new Map<string, number>()
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress
    if (address === undefined || isProxy(address)) return
    const count = (counts.get(address) ?? 0) + 1
    counts.set(address, count)
    socket.once("close", () => {
      const left = (counts.get(address) ?? 1) - 1
      if (left === 0) counts.delete(address)
      else counts.set(address, left)
    })
    if (count > limit) socket.destroy()
  })
}

/** One timer for all connections: those whose waiting bytes have not moved between two looks far enough apart are destroyed. */
function cutIdleWriters(server: Server, writeIdleMs: number): void {
  const waiting = new Map<Socket, { readonly sent: number; readonly since: number }>()
  const open = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    open.add(socket)
    socket.once("close", () => {
      open.delete(socket)
      waiting.delete(socket)
    })
  })
  const timer = setInterval(
    () => {
      const now = performance.now()
      for (const socket of open) {
        const sent = socket.bytesWritten - socket.writableLength
        const before = waiting.get(socket)
        if (socket.writableLength === 0) waiting.delete(socket)
        else if (before === undefined || before.sent !== sent) waiting.set(socket, { sent, since: now })
        else if (now - before.since >= writeIdleMs) socket.destroy()
      }
    },
    Math.max(20, Math.min(writeIdleMs / 4, 5_000)),
  )
  timer.unref()
  server.once("close", () => clearInterval(timer))
}
