import type { IncomingMessage, ServerResponse } from "node:http"
import { ConnectionCut, Exchange } from "./exchange.ts"
import type { FaultRules } from "./fault.ts"
import { errorReply, type Reply } from "./reply.ts"
import { type RequestLog, withoutSecrets } from "./request-log.ts"
import { type Route, routeOf } from "./route.ts"

/** What answers requests, and does those faults that reach into what it holds. */
interface FaultyHandler {
  answer(exchange: Exchange): Promise<Reply>
  /** Every token given out so far stops being valid. */
  revoke(): void
  /** Loses these blobs of the route's repository, all of them when none are named. */
  collect(route: Route, digests: readonly string[] | undefined): void | Promise<void>
}

interface FaultyListenerOptions {
  readonly scheme: "http" | "https"
  readonly faults: FaultRules
  readonly log: RequestLog
  readonly handler: FaultyHandler
}

/** Listens to requests, notes them, and lets the faults meet them before and after the handler. */
export function faultyListener(options: FaultyListenerOptions): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => void serve(incoming, outgoing, options)
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse, options: FaultyListenerOptions): Promise<void> {
  const { scheme, faults, log, handler } = options
  const url = new URL(incoming.url ?? "/", `${scheme}://${incoming.headers.host}`)
  const route = routeOf(url.pathname)
  const method = incoming.method ?? "GET"
  const logged = log.begin({
    ...route,
    method,
    path: url.pathname + url.search,
    headers: withoutSecrets(incoming.headers),
    clientPort: incoming.socket.remotePort ?? 0,
  })
  outgoing.once("close", () => log.end(logged))
  outgoing.on("error", () => {})
  const fault = faults.find(method, route, incoming.headers.range !== undefined)
  const exchange = new Exchange(incoming, outgoing, { url, route, logged, fault })
  try {
    const reply = (await early(exchange, handler)) ?? (await handler.answer(exchange))
    if (exchange.strikes("lostReply")) throw exchange.cut()
    await exchange.send(reply)
  } catch (error) {
    if (error instanceof ConnectionCut) return
    await exchange.send(errorReply(500, "UNKNOWN", String(error))).catch(() => {})
  }
}

/** Faults that strike before the request is looked at; undefined lets it go on. */
async function early(exchange: Exchange, handler: FaultyHandler): Promise<Reply | undefined> {
  const fault = exchange.fault?.fault
  const bodiless = !exchange.hasRequestBody || Number(exchange.incoming.headers["content-length"] ?? 1) === 0
  switch (fault?.as) {
    case "reset":
      if (!fault.after && exchange.strikes("reset")) throw exchange.cut()
      return undefined
    case "stall":
      if (!fault.after && (bodiless || exchange.method === "HEAD") && exchange.strikes("stall")) await exchange.wait(fault.forMs)
      return undefined
    case "status":
      exchange.strikes("status")
      return { status: fault.status, headers: { ...fault.headers }, body: Buffer.from(fault.body ?? "") }
    case "raw":
      exchange.strikes("raw")
      exchange.incoming.socket.end(fault.bytes)
      throw new ConnectionCut()
    case "redirect":
      exchange.strikes("redirect")
      return { status: 307, headers: { location: fault.to === "loop" ? exchange.url.href : fault.to } }
    case "revoke":
      exchange.strikes("revoke")
      handler.revoke()
      return undefined
    case "collect":
      exchange.strikes("collect")
      await handler.collect(exchange.route, fault.digests)
      return undefined
    default:
      return undefined
  }
}
