import { randomBytes } from "node:crypto"
import { isCancellation } from "@entrepot/core"
import { UpstreamFailure } from "../proxy/upstream-failure.ts"
import { RegistryError } from "../registry-error.ts"
import { registryErrorOf } from "./error-answer.ts"
import type { Exchange } from "./exchange.ts"
import { discardRest } from "./request-body.ts"

/** What the access log says of a client that did not wait for its answer. */
const clientLeft = 499

/**
 * Answers with an error in the specification's form (distribution-spec, "Error Codes"); a HEAD gets the headers alone. What is no RegistryError and no
 * TransferError is a mistake of ours: it is logged under a number, and nothing of it goes out. An answer that has begun is broken off, so that nobody
 * takes it for whole.
 */
export function sendError(exchange: Exchange, thrown: unknown, headers: readonly string[] = []): void {
  const { request, response } = exchange
  if (hasLeft(exchange, thrown)) {
    exchange.finish(clientLeft)
    response.destroy()
    return
  }
  const error = registryErrorOf(thrown) ?? mistake(exchange, thrown)
  if (error instanceof UpstreamFailure && error.upstream !== undefined)
    exchange.cameFrom({ cache: "miss", upstream: error.upstream })
  if (response.headersSent) {
    exchange.finish(error.status)
    response.destroy()
    return
  }
  const extra = [...headers]
  if (error.challenge !== undefined) extra.push("WWW-Authenticate", error.challenge)
  if (error.retryAfterS !== undefined) extra.push("Retry-After", String(error.retryAfterS))
  if (error.status === 408) extra.push("Connection", "close")
  const { code, message, detail } = error
  exchange.sendJson(error.status, { errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] }, extra)
  discardRest(request)
}

function hasLeft({ request, response, signal }: Exchange, thrown: unknown): boolean {
  return response.destroyed || request.errored !== null || (signal.aborted && isCancellation(thrown))
}

function mistake(exchange: Exchange, error: unknown): RegistryError {
  const id = randomBytes(6).toString("hex")
  const { method } = exchange.request
  exchange.parts.log.error({ error, id, method, path: exchange.path }, "a request to the registry failed")
  return new RegistryError("UNKNOWN", "the registry has made a mistake; its log tells more", { detail: { id } })
}
