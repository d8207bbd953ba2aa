import type { IncomingMessage, ServerResponse } from "node:http"
import { unkeptHeaders } from "./common-headers.ts"
import { Question } from "./question.ts"
import type { RegistryParts } from "./registry-parts.ts"
import { discardRest } from "./request-body.ts"

/** A request and its answer, as Node's server hands them over. */
export class Exchange extends Question {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  #leaving: AbortController | undefined

  constructor(parts: RegistryParts, request: IncomingMessage, response: ServerResponse) {
    super(parts, request, request.url ?? "")
    this.request = request
    this.response = response
  }

  /** Aborted when the client has left before it had everything. */
  get signal(): AbortSignal {
    if (this.#leaving === undefined) {
      const leaving = new AbortController()
      this.#leaving = leaving
      if (this.response.destroyed) leaving.abort()
      else
        this.response.once("close", () => {
          if (!this.response.writableFinished) leaving.abort()
        })
    }
    return this.#leaving.signal
  }

  /** Answers at once. The headers tell Content-Length; a HEAD gets them alone. */
  send(status: number, headers: readonly string[], body?: string | Buffer, encoding: BufferEncoding = "utf8"): void {
    const { response } = this
    // Node takes headers as a flat list without copying them; its types want one that may be changed.
    response.writeHead(status, headers as string[])
    if (body === undefined || this.isHead) response.end()
    else if (typeof body === "string") {
      this.bytes += encoding === "latin1" ? body.length : Buffer.byteLength(body)
      response.end(body, encoding)
    } else {
      this.bytes += body.length
      response.end(body)
    }
    this.finish(status)
  }

  /** Answers with nothing but headers, for nobody to keep. What a request has brought and nobody has read is thrown away. */
  sendEmpty(status: number, headers: readonly string[] = []): void {
    this.send(status, status === 204 ? [...unkeptHeaders, ...headers] : [...unkeptHeaders, "Content-Length", "0", ...headers])
    discardRest(this.request)
  }

  /** Answers with a list or the like, for nobody to keep. */
  sendJson(status: number, value: unknown, headers: readonly string[] = [], contentType = "application/json"): void {
    const body = Buffer.from(JSON.stringify(value))
    const length = String(body.length)
    this.send(status, [...unkeptHeaders, "Content-Type", contentType, "Content-Length", length, ...headers], body)
  }
}
