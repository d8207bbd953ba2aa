import type { IncomingMessage, ServerResponse } from "node:http"
import type { Caller } from "../access/gate.ts"
import type { AccessEntry } from "../access-log/access-entry.ts"
import type { Provenance } from "../warehouse/readable-repository.ts"
import { unkeptHeaders } from "./common-headers.ts"
import type { RegistryParts, RequestClient } from "./registry-parts.ts"
import { discardRest } from "./request-body.ts"

/** One request and its answer, with what the access log wants to know of them. Whatever costs something is made when it is first asked for. */
export class Exchange implements Caller {
  readonly parts: RegistryParts
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  /** What stands behind the question mark. */
  readonly search: string
  readonly isHead: boolean
  /** Null: nothing is logged. */
  action: AccessEntry["action"] | null = null
  user = ""
  repository = ""
  reference = ""
  /** Of bodies: sent, or taken for a push. */
  bytes = 0
  readonly #startedAt = performance.now()
  #cache: AccessEntry["cache"] = null
  #upstream: string | null = null
  #client: RequestClient | undefined
  #query: URLSearchParams | undefined
  #leaving: AbortController | undefined
  #isLogged = false

  constructor(parts: RegistryParts, request: IncomingMessage, response: ServerResponse, path: string, search: string) {
    this.parts = parts
    this.request = request
    this.response = response
    this.path = path
    this.search = search
    this.isHead = request.method === "HEAD"
  }

  get authorization(): string | undefined {
    return this.request.headers.authorization
  }

  get client(): RequestClient {
    this.#client ??= this.parts.clientOf(this.request)
    return this.#client
  }

  get address(): string {
    return this.client.address
  }

  get origin(): string {
    const { https, host } = this.client
    return `${https ? "https" : "http"}://${host ?? "localhost"}`
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.search)
    return this.#query
  }

  /** The namespace that a client of a mirror means (distribution-spec, "Registry Proxying"). */
  get ns(): string | undefined {
    return this.search === "" ? undefined : this.query.get("ns") || undefined
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

  /** Notes where the answer comes from. */
  cameFrom({ cache, upstream }: Provenance): void {
    this.#cache = cache
    this.#upstream = upstream ?? null
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

  /** Writes the access log, once. Status 499: the client left before there was one. */
  finish(status: number): void {
    const { action } = this
    if (this.#isLogged || action === null) return
    this.#isLogged = true
    const log = this.parts.accessLog
    if (log === undefined) return
    const durationMs = Math.round(performance.now() - this.#startedAt)
    log.add({
      at: Date.now() - durationMs,
      user: this.user,
      address: this.address,
      action,
      method: this.request.method ?? "",
      repository: this.repository,
      reference: this.reference,
      status,
      bytes: this.bytes,
      durationMs,
      cache: this.#cache,
      upstream: this.#upstream,
      userAgent: this.request.headers["user-agent"] ?? "",
    })
  }
}
