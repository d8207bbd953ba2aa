import type { IncomingMessage, ServerResponse } from "node:http"
import type { Log } from "../runtime/runtime.ts"

export interface RequestLogOptions {
  readonly log: Log
  /** The client's address, forwarded or not. Default the socket's. */
  readonly addressOf?: (request: IncomingMessage) => string
  /** Who asked, once that is known: a user's name. */
  readonly whoIs?: (request: IncomingMessage) => string | undefined
  /** Milliseconds, monotonic. */
  readonly now?: () => number
}

/** Paths that are asked so often, or of so little interest, that they are logged at debug. */
const dull = /^\/(?:healthz|readyz|_next\/|favicon)/

/**
 * Watches one request and writes one line when its answer has ended or its client has left: method, path without query, status, milliseconds,
 * who, from where. What went wrong on our side is a warning.
 */
export function logRequest(request: IncomingMessage, response: ServerResponse, options: RequestLogOptions): void {
  const { log, addressOf = socketAddress, whoIs = () => undefined, now = () => performance.now() } = options
  const started = now()
  const address = addressOf(request)
  const path = (request.url ?? "").split("?", 1)[0]?.slice(0, 500) ?? ""
  response.once("close", () => {
    const who = whoIs(request)
    const fields = {
      method: request.method,
      path,
      status: response.statusCode,
      ms: Math.round(now() - started),
      ...(who === undefined ? {} : { who }),
      address,
      ...(response.writableFinished ? {} : { left: true }),
    }
    if (response.statusCode >= 500 && response.statusCode !== 503) log.warn(fields, "request failed")
    else if (dull.test(path) || (request.method === "GET" && response.statusCode < 400)) log.debug(fields, "request")
    else log.info(fields, "request")
  })
}

function socketAddress(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "")
}
