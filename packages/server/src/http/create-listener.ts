import { randomBytes } from "node:crypto"
import { once, setMaxListeners } from "node:events"
import type { IncomingMessage, ServerResponse } from "node:http"
import { setTimeout as delay } from "node:timers/promises"
import { isCancellation } from "@entrepot/core"
import { ErrorReporter } from "../api/api-error.ts"
import { type ApiContext, type ApiParts, createContext } from "../api/context.ts"
import { dispatch, type RouteServer, refuseMethod } from "../api/dispatch.ts"
import { docsPage } from "../api/docs/docs-page.ts"
import type { Exchange } from "../api/exchange.ts"
import { createRouteMatcher } from "../api/match-route.ts"
import { mayBeCompressed } from "../api/may-be-compressed.ts"
import { openApiDocument } from "../api/open-api-document.ts"
import { sendError } from "../api/send-json.ts"
import { serveTrpc } from "../api/serve-trpc.ts"
import { StreamRegistry } from "../api/stream-registry.ts"
import type { Configuration } from "../configuration/configuration.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { Log, Runtime, Services } from "../runtime/runtime.ts"
import { clientOf, createProxyTrust } from "./client.ts"
import { compressAnswer } from "./compress-answer.ts"
import type { EventStreamOptions } from "./event-stream.ts"
import { createOwnNames } from "./own-names.ts"
import { readTarget } from "./request-path.ts"
import { setSecurityHeaders } from "./security-headers.ts"

export interface ListenerOptions {
  readonly services: Services
  readonly configuration: Pick<Configuration, "listen" | "publicUrl" | "trustedProxies" | "streams" | "locale">
  readonly log: Log
  /** Whether new work is taken, whether the database answers, and what Prometheus is told. */
  readonly runtime: Pick<Runtime, "accepting" | "metrics"> & { readonly database: Pick<Runtime["database"], "ping"> }
  /** Defaults: 15 s between heartbeats, 30 s for a client to read, 60 s between looks at a stream's rights. */
  readonly stream?: EventStreamOptions & { readonly recheckMs?: number }
}

/** The application's interfaces, behind whichever server owns the port. */
export interface Listener {
  /** Answers what is below /api, /healthz, /readyz and /metrics, in every spelling. False: not ours, nothing was touched. */
  handle(request: IncomingMessage, response: ServerResponse): boolean
  /** The name of whoever sent a request, once that is known: for the log. */
  whoIs(request: IncomingMessage): string | undefined
  /** Ends streams and waits, so that clients come back elsewhere; resolves when nothing is being answered any more, or after two seconds. */
  close(): Promise<void>
}

const trpcPath = /^\/api\/trpc\/([A-Za-z][A-Za-z0-9.,]{0,2000})$/

/** What clients are given to take their last answers in. */
const lastWordsMs = 2_000

/** The application's interfaces as a listener for plain Node HTTP: no web framework stands before it. */
export function createListener(options: ListenerOptions): Listener {
  const { services, configuration, runtime } = options
  const trusted = createProxyTrust(configuration.trustedProxies)
  const closing = new AbortController()
  // Every request that waits listens to it.
  setMaxListeners(0, closing.signal)
  const streams = new StreamRegistry(services.accounts, { ...configuration.streams, ...recheckOf(options) })
  const parts: ApiParts = {
    services,
    streams,
    errors: new ErrorReporter(options.log, () => randomBytes(6).toString("hex")),
    locale: configuration.locale,
    isOwnName: createOwnNames(configuration),
    publicUrl: configuration.publicUrl === undefined ? undefined : new URL(configuration.publicUrl),
    closing: closing.signal,
  }
  const matchRoute = createRouteMatcher()
  let document: unknown
  const server: RouteServer = {
    document: () => {
      document ??= openApiDocument()
      return document
    },
    page: docsPage,
    get accepting() {
      return runtime.accepting && !closing.signal.aborted
    },
    ping: () => runtime.database.ping(),
    metrics: () => runtime.metrics.scrape(),
    frames: new WeakMap(),
    stream: options.stream ?? {},
  }
  const names = new WeakMap<IncomingMessage, string>()
  const underWay = new Set<ServerResponse>()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = readTarget(request.url ?? "")
    const context = noting(createContext(parts, clientOf(request, trusted), target, request, response), request, names)
    const exchange: Exchange = { target, context, request, response }
    const method = request.method ?? "GET"
    const procedures = trpcPath.exec(target.path)?.[1]
    if (mayBeCompressed(method, procedures)) compressAnswer(request, response)
    try {
      if (procedures !== undefined) {
        if (method !== "GET" && method !== "HEAD" && method !== "POST") refuseMethod(["GET", "HEAD", "POST"])
        return await serveTrpc(procedures, exchange)
      }
      const match = matchRoute(method, target.path)
      if (match === undefined) throw new ServiceError("not_found", "there is nothing at this path")
      if ("allow" in match) refuseMethod(match.allow)
      await dispatch(match, exchange, server)
    } catch (error) {
      if (wasCutOff(error) && (request.destroyed || response.destroyed)) return
      const stopped = closing.signal.aborted && wasCutOff(error)
      const thrown = stopped ? new ServiceError("unavailable", "the server closes; the job goes on") : error
      sendError(request, response, parts.errors.describe(thrown), context.locale)
    }
  }

  return {
    handle(request, response) {
      if (!readTarget(request.url ?? "").ours) return false
      setSecurityHeaders(response)
      underWay.add(response)
      response.once("close", () => underWay.delete(response))
      answer(request, response).catch((error: unknown) => {
        parts.errors.describe(error)
        response.destroy()
      })
      return true
    },
    whoIs: (request) => names.get(request),
    async close() {
      closing.abort()
      streams.close()
      const ended = [...underWay].map((response) => once(response, "close"))
      await Promise.race([Promise.allSettled(ended), delay(lastWordsMs, undefined, { ref: false })])
    },
  }
}

function recheckOf({ stream }: ListenerOptions): { readonly recheckMs?: number } {
  return stream?.recheckMs === undefined ? {} : { recheckMs: stream.recheckMs }
}

/** Nothing went wrong: whoever asked has left, or the server closes. */
function wasCutOff(error: unknown): boolean {
  return isCancellation(error) || (error instanceof Error && "code" in error && error.code === "ECONNRESET")
}

/** The same context, that notes for the log who it was. */
function noting(context: ApiContext, request: IncomingMessage, names: WeakMap<IncomingMessage, string>): ApiContext {
  return {
    ...context,
    identify: async (accepts) => {
      const actor = await context.identify(accepts)
      if (actor !== undefined) names.set(request, actor.name)
      return actor
    },
  }
}
