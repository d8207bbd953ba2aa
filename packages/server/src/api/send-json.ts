import type { IncomingMessage, ServerResponse } from "node:http"
import type { Locale } from "@entrepot/core"
import { type ApiError, errorBody } from "./api-error.ts"

/** Answers with JSON and its length, and ends the answer. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "content-length": bytes.length })
  response.end(bytes)
}

/** A refusal. A connection whose request was not read to its end is given up: what follows on it would be read as something else. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: ApiError, locale: Locale): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  if (error.retryAfterSeconds !== undefined) response.setHeader("retry-after", error.retryAfterSeconds)
  if (error.kind === "application" && error.allow !== undefined) response.setHeader("allow", error.allow.join(", "))
  if (error.httpStatus === 401 && !response.hasHeader("www-authenticate")) {
    response.setHeader("www-authenticate", 'Bearer realm="entrepot"')
  }
  if (!request.complete) response.setHeader("connection", "close")
  sendJson(response, error.httpStatus, errorBody(error, locale))
}
