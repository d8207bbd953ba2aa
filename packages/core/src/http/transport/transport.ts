import { setMaxListeners } from "node:events"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest, HttpResponse, RequestBody, Send } from "../http.ts"
import { Connection } from "./connection.ts"
import type { DeniedSockets } from "./denied-sockets.ts"
import type { Lookup } from "./dial.ts"
import type { Answer } from "./exchange.ts"
import type { HostSettings } from "./host-settings.ts"
import { Pool } from "./pool.ts"
import { refusedByProxy } from "./proxy.ts"
import type { ProxySettings } from "./proxy-settings.ts"
import { requestHead } from "./request-head.ts"
import { type Route, routeOf } from "./route.ts"
import { tlsOptions } from "./tls-options.ts"

export interface TransportOptions {
  /** Settings of a host, asked for by `url.host` (the port only where it is not the scheme's own). */
  readonly hosts: (hostport: string) => HostSettings
  /** Whether a person named exactly this `url.host`: then a server's answer may lead there although it is private. Default: none. */
  readonly isConfigured?: (hostport: string) => boolean
  /** Our own listening sockets: refused with `address_blocked` even where a person named them. Default: none. */
  readonly denied?: DeniedSockets
  readonly proxies?: ProxySettings
  /** Resolves names; default the system's resolver. */
  readonly lookup?: Lookup
  readonly userAgent?: string
  /** Idle connections kept for one host: as many as a blob may be read over. Default 64. */
  readonly maxIdlePerHost?: number
  /** For resolving, connecting and the TLS handshake together. Default 15,000. */
  readonly connectTimeoutMs?: number
}

export interface Transport {
  readonly send: Send
  /** Destroys all connections; what is under way fails. */
  close(): Promise<void>
}

const idempotent = new Set(["GET", "HEAD", "PUT", "DELETE"])

/** What must not be sent twice goes over a connection that was used just now, which no server is about to close. */
const freshMs = 2000

/**
 * Our own HTTP/1.1 client: one exchange per `send`; nothing is retried but a lost keep-alive race, no redirect is followed, no
 * credentials are known. Why not node:http: docs/decisions/0001-own-http-transport.md.
 *
 * `send` throws TransferError: `network`, `tls`, `address_blocked`, `protocol`, `cancelled`; about a proxy also `unauthorized` and
 * `forbidden`. What the request's body throws passes unchanged.
 */
export function createTransport(options: TransportOptions): Transport {
  const pool = new Pool(options.maxIdlePerHost ?? 64)
  const userAgent = options.userAgent ?? "entrepot"
  const routing = {
    hosts: options.hosts,
    isConfigured: options.isConfigured ?? (() => false),
    denied: options.denied ?? [],
    proxies: options.proxies ?? {},
    lookup: options.lookup,
    userAgent,
    connectTimeoutMs: options.connectTimeoutMs ?? 15_000,
    secure: tlsOptions(),
  }

  async function connect(request: HttpRequest, route: Route): Promise<Connection> {
    const { socket, reader } = await route.open()
    const connection = new Connection({ socket, reader, host: request.url.host })
    pool.adopt(route.key, connection)
    return connection
  }

  async function exchange(request: HttpRequest, route: Route): Promise<Answer> {
    const own = request.connection === "own"
    const head = requestHead(request, { userAgent, viaProxy: route.viaProxy, close: own })
    const again = idempotent.has(request.method) && (request.retry !== false || request.body === undefined)
    const kept = own ? undefined : pool.take(route.key, again ? undefined : freshMs)
    if (kept) {
      try {
        return await kept.exchange(request, head)
      } catch (error) {
        if (!kept.lostUnanswered || !again) throw error
        const connection = await connect(request, route)
        return connection.exchange(reopened(request, error), head)
      }
    }
    const connection = await connect(request, route)
    return connection.exchange(request, head)
  }

  async function send(request: HttpRequest): Promise<HttpResponse> {
    const { url, side } = request
    // One signal may serve any number of requests at once; Node suspects a leak at the eleventh.
    if (request.signal) setMaxListeners(0, request.signal)
    try {
      if (request.signal?.aborted) throw new TransferError("cancelled", "cancelled", { cause: request.signal.reason })
      const route = routeOf(request, routing)
      const { head, body } = await exchange(request, route)
      const { status, headers } = head
      if (status === 407 && route.viaProxy) {
        await body.discard()
        throw refusedByProxy(status, route.viaProxy.host, url.host)
      }
      const encoding = headers.list("content-encoding").find((coding) => coding !== "identity")
      if (encoding !== undefined && status < 300 && request.method !== "HEAD") {
        await body.discard()
        throw new TransferError("protocol", `${url.host} encoded its answer (${encoding}) although asked not to`, { status })
      }
      return { status, headers, url, body }
    } catch (error) {
      throw isTransferError(error) ? error.with({ side, host: url.host }) : error
    }
  }

  return { send, close: async () => pool.close() }
}

/** The request again; when its body cannot be read twice, what the first try failed with is the truth. */
function reopened(request: HttpRequest, failure: unknown): HttpRequest {
  const { body } = request
  if (!body) return request
  async function* open(source: RequestBody) {
    let started = false
    try {
      for await (const chunk of source.open()) {
        started = true
        yield chunk
      }
    } catch (error) {
      throw started ? error : failure
    }
  }
  return { ...request, body: { ...body, open: () => open(body) } }
}
