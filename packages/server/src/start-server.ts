import type { IncomingMessage, Server, ServerResponse } from "node:http"
import { isIPv6 } from "node:net"
import type { Duplex } from "node:stream"
import type { Configuration } from "./configuration/configuration.ts"
import { ServiceError } from "./errors/service-error.ts"
import { clientOf, createProxyTrust } from "./http/client.ts"
import { createHttpServer, type HttpCaps } from "./http/create-http-server.ts"
import { createListener, type Listener } from "./http/create-listener.ts"
import { setSecurityHeaders } from "./http/security-headers.ts"
import { logRequest } from "./logging/request-log.ts"
import { createRuntime, type RuntimeOptions } from "./runtime/create-runtime.ts"
import type { Log, Runtime } from "./runtime/runtime.ts"

/** Who answers what is not the application's own: the web pages. */
export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): void
  /** Without it, requests to upgrade are refused. Only development's live reload has one. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close?(): Promise<void>
}

export interface StartServerOptions {
  readonly log: Log
  /** Until it resolves, pages are answered with 503 and Retry-After while everything else works. Absent: there are no pages. */
  readonly pages?: Promise<Pages>
  readonly caps?: HttpCaps
  /** For tests that cannot wait: how often registries are asked again, when a lease ends. */
  readonly runtime?: Omit<RuntimeOptions, "log">
  /** What running jobs are given to end in when the server is closed. Default 30 s (fault 50). */
  readonly graceMs?: number
}

/** The application, listening. */
export interface RunningServer {
  /** For a browser on this machine: `http://127.0.0.1:8080`. */
  readonly url: string
  /** The port that was asked for, or that the system chose for port 0. */
  readonly port: number
  readonly runtime: Runtime
  /**
   * Takes no more connections and no more work, lets running jobs end or puts them back, ends streams, writes the database back, and frees the
   * port. Called again, it returns the same promise.
   */
  close(): Promise<void>
}

/**
 * The application on its port. Binds the port before it opens the database, so that a second server does not touch the first one's jobs.
 * @throws ServiceError `unavailable` when the address cannot be listened on; what createRuntime throws.
 */
export async function startServer(configuration: Configuration, options: StartServerOptions): Promise<RunningServer> {
  const { log, graceMs = 30_000 } = options
  const trusted = createProxyTrust(configuration.trustedProxies)
  let answer: Answer = (_, response) => refuse(response, 503, "Starting. Ask again in a second.\n")
  let listener: Listener | undefined
  let registry: Runtime["registry"] | undefined
  const server = createHttpServer(
    (request, response) => {
      // A connection that is kept would keep the server from closing.
      if (!server.listening) response.shouldKeepAlive = false
      // It has a log of its own.
      if (registry?.handle(request, response)) return
      logRequest(request, response, {
        log,
        addressOf: (asked) => clientOf(asked, trusted).address,
        whoIs: (asked) => listener?.whoIs(asked),
      })
      answer(request, response)
    },
    { isProxy: trusted, mayTakeLong: isUpload, ...options.caps },
  )
  const pages = servePages(server, options.pages, log)
  const port = await listen(server, configuration.listen)
  let runtime: Runtime
  try {
    // Its own port is the one that it must never dial, also where the system chose it.
    runtime = await createRuntime({ ...configuration, listen: { ...configuration.listen, port } }, { ...options.runtime, log })
  } catch (error) {
    await stop(server)
    throw error
  }
  const interfaces = createListener({ services: runtime.services, configuration, log, runtime })
  listener = interfaces
  registry = runtime.registry
  const lane = registry.openLane(server)
  answer = (request, response) => {
    if (!interfaces.handle(request, response)) pages.answer(request, response)
  }

  let closed: Promise<void> | undefined
  async function close(): Promise<void> {
    server.close()
    lane.close()
    await runtime.drain(graceMs)
    await Promise.all([interfaces.close(), stop(server), pages.close()])
    await runtime.close()
  }
  return {
    url: `http://${reachableHost(configuration.listen.host)}:${port}`,
    port,
    runtime,
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

/** The registry watches that what is pushed to it moves. What anybody may send, a form for a token, is no push. */
function isUpload({ url = "" }: IncomingMessage): boolean {
  return /^\/v2\/[^?]+\/(?:blobs\/uploads|manifests)\//.test(url)
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

function servePages(server: Server, pages: Promise<Pages> | undefined, log: Log) {
  let answer: Answer = (_, response) =>
    pages
      ? refuse(response, 503, "The pages are being prepared. Ask again in a second.\n")
      : refuse(response, 404, "There is nothing here.\n")
  const ready = pages?.then(
    (found) => {
      answer = (request, response) => found.handle(request, response)
      const { upgrade } = found
      if (upgrade) server.on("upgrade", (request, socket, head) => upgrade(request, socket, head))
      return found
    },
    (error: unknown) => {
      log.error({ error }, "the pages cannot be shown; everything else works")
      answer = (_, response) => refuse(response, 500, "The pages cannot be shown; the log says why.\n")
      return undefined
    },
  )
  return {
    answer: ((request, response) => answer(request, response)) satisfies Answer,
    close: async () => (await ready)?.close?.(),
  }
}

function refuse(response: ServerResponse, status: 404 | 500 | 503, text: string): void {
  setSecurityHeaders(response)
  if (status === 503) response.setHeader("retry-after", "1")
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" })
  response.end(text)
}

/** Returns the port. */
async function listen(server: Server, { host, port }: Configuration["listen"]): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen(port, host, () => {
      server.removeAllListeners("error")
      resolve()
    })
  })
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : port
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): ServiceError {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} of ${host} is already in use: stop what uses it, or set PORT to another`,
    EACCES: `port ${port} of ${host} needs rights that this user does not have: set PORT to one above 1023`,
    EADDRNOTAVAIL: `${host} is not an address of this machine: set HOST to one that is, such as 127.0.0.1`,
    ENOTFOUND: `${host} is not known on this machine: set HOST to an address, such as 127.0.0.1`,
  }
  const reason = reasons[error.code ?? ""] ?? `cannot listen on port ${port} of ${host} (${error.code ?? error.message})`
  return new ServiceError("unavailable", reason, { cause: error })
}

/** What is still being answered may end; what does not end within a second is cut off. */
async function stop(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), 1_000)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  clearTimeout(cut)
}

/** Where everything is listened on, this machine's own address is named. */
function reachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1"
  return isIPv6(host) ? `[${host}]` : host
}
