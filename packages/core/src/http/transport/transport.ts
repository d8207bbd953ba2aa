import type { ConnectionOptions } from "node:tls"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest, HttpResponse, Send } from "../http.ts"
import { Connection } from "./connection.ts"
import { dial, type Lookup } from "./dial.ts"
import type { Answer } from "./exchange.ts"
import { type HostSettings, tlsKey } from "./host-settings.ts"
import { Pool } from "./pool.ts"
import { requestHead } from "./request-head.ts"
import { tlsOptions } from "./tls-options.ts"

export interface TransportOptions {
  /** Settings of a host, asked for by `url.host` (the port only where it is not the scheme's own). */
  readonly hosts: (hostport: string) => HostSettings
  /** Resolves names; default the system's resolver. */
  readonly lookup?: Lookup
  readonly userAgent?: string
  /** Idle connections kept for one host. Default 16. */
  readonly maxIdlePerHost?: number
  /** For resolving, connecting and the TLS handshake together. Default 15,000. */
  readonly connectTimeoutMs?: number
}

export interface Transport {
  readonly send: Send
  /** Destroys all connections. */
  close(): Promise<void>
}

/** Our own HTTP/1.1 client: one exchange per `send`, nothing retried but a lost keep-alive race. See docs/decisions/0001-own-http-transport.md. */
export function createTransport(options: TransportOptions): Transport {
  const pool = new Pool(options.maxIdlePerHost ?? 16)
  const userAgent = options.userAgent ?? "entrepot"
  const connectTimeoutMs = options.connectTimeoutMs ?? 15_000
  const secure = tlsOptions()

  async function connect(request: HttpRequest, key: string): Promise<Connection> {
    const { url, signal } = request
    const hostname = url.hostname.replace(/^\[|\]$/g, "")
    const settings = options.hosts(url.host)
    const tls: ConnectionOptions | undefined = url.protocol === "https:" ? secure(settings, hostname) : undefined
    const port = Number(url.port) || (tls ? 443 : 80)
    const target = { hostname, port, host: url.host, tls, guard: () => undefined }
    const { socket, reader } = await dial(target, { lookup: options.lookup, connectTimeoutMs, signal })
    const connection = new Connection({ socket, reader, host: url.host })
    pool.adopt(key, connection)
    return connection
  }

  async function exchange(request: HttpRequest): Promise<Answer> {
    const { url } = request
    const key = `${url.protocol}//${url.host} ${tlsKey(options.hosts(url.host))}`
    const head = requestHead(request, { userAgent })
    const kept = pool.take(key)
    if (kept) {
      try {
        return await kept.exchange(request, head)
      } catch (error) {
        if (!kept.lostUnanswered || !idempotent.has(request.method)) throw error
      }
    }
    const connection = await connect(request, key)
    return connection.exchange(request, head)
  }

  async function send(request: HttpRequest): Promise<HttpResponse> {
    const { url, side } = request
    if (request.signal?.aborted)
      throw new TransferError("cancelled", "cancelled", { host: url.host, cause: request.signal.reason })
    try {
      const { head, body } = await exchange(request)
      return { status: head.status, headers: head.headers, url, body }
    } catch (error) {
      throw isTransferError(error) ? error.with({ side, host: url.host }) : error
    }
  }

  return { send, close: async () => pool.close() }
}

const idempotent = new Set(["GET", "HEAD", "PUT", "DELETE"])
