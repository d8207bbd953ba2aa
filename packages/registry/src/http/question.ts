import type { IncomingMessage } from "node:http"
import type { Caller } from "../access/gate.ts"
import type { AccessEntry } from "../access-log/access-entry.ts"
import type { Provenance } from "../warehouse/readable-repository.ts"
import type { RegistryParts, RequestClient } from "./registry-parts.ts"
import { pathOf } from "./registry-path.ts"

/** What of a request decides about its answer, apart from its path. */
export type RequestFacts = Pick<IncomingMessage, "method" | "headers" | "socket">

/** One request, with what the access log wants to know of it and its answer. Whatever costs something is made when it is first asked for. */
export class Question implements Caller {
  readonly parts: RegistryParts
  readonly path: string
  /** What stands behind the question mark. */
  readonly search: string
  readonly isHead: boolean
  /** Null: nothing is logged, nor counted. */
  action: AccessEntry["action"] | null = null
  user = ""
  repository = ""
  reference = ""
  /** Of bodies: sent, or taken for a push. */
  bytes = 0
  readonly #facts: RequestFacts
  readonly #startedAt = performance.now()
  #cache: AccessEntry["cache"] = null
  #upstream: string | null = null
  #client: RequestClient | undefined
  #query: URLSearchParams | undefined
  #isLogged = false

  constructor(parts: RegistryParts, facts: RequestFacts, url: string) {
    this.parts = parts
    this.#facts = facts
    this.path = pathOf(url)
    this.search = url.slice(this.path.length + 1)
    this.isHead = facts.method === "HEAD"
  }

  get authorization(): string | undefined {
    return this.#facts.headers.authorization
  }

  get client(): RequestClient {
    this.#client ??= this.parts.clientOf(this.#facts)
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

  /** Notes where the answer comes from. */
  cameFrom({ cache, upstream }: Provenance): void {
    this.#cache = cache
    this.#upstream = upstream ?? null
  }

  /** Tells the access log and the meter of it, once. Status 499: the client left before there was one. */
  finish(status: number): void {
    const { action } = this
    if (this.#isLogged || action === null) return
    this.#isLogged = true
    const { accessLog, meter } = this.parts
    if (accessLog === undefined && meter === undefined) return
    const durationMs = Math.round(performance.now() - this.#startedAt)
    const entry: AccessEntry = {
      at: Date.now() - durationMs,
      user: this.user,
      address: this.address,
      action,
      method: this.#facts.method ?? "",
      repository: this.repository,
      reference: this.reference,
      status,
      bytes: this.bytes,
      durationMs,
      cache: this.#cache,
      upstream: this.#upstream,
      userAgent: this.#facts.headers["user-agent"] ?? "",
    }
    meter?.request(entry)
    accessLog?.add(entry)
  }
}
