import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http"
import { type Listening, listenOnLoopback } from "../listen.ts"
import { ConnectionCut, type Exchange } from "../registry/exchange.ts"
import { type Fault, type FaultRule, FaultRules } from "../registry/fault.ts"
import { faultyListener } from "../registry/faulty-listener.ts"
import { errorReply, type Reply } from "../registry/reply.ts"
import { type LoggedRequest, RequestLog } from "../registry/request-log.ts"
import type { Route } from "../registry/route.ts"

/** A reverse proxy before a real registry that understands HTTP, and makes requests fail by the rules of the test registry. */
export interface FaultGateway extends AsyncDisposable {
  /** `127.0.0.1:12345`, to be used as the registry's name; the registry behind it is told that this is its name. */
  readonly host: string
  readonly port: number
  readonly origin: string
  /** Every request so far. */
  readonly requests: readonly LoggedRequest[]
  /** How many requests fit a matcher: "GET blob", "* upload", "HEAD *". */
  count(matcher: string): number
  matching(matcher: string): LoggedRequest[]
  /** Body bytes that were read from, or sent to, the requests that fit. */
  bytesIn(matcher?: string): number
  bytesOut(matcher?: string): number
  clearRequests(): void
  /** Makes requests that fit ("PATCH upload") fail; the first rule that fits a request is its fault. */
  fail(matcher: string, fault: Fault): FaultRule
  /** Takes all faults away. */
  heal(): void
}

/**
 * Puts a gateway before the registry at `target` (`127.0.0.1:5000`). What a fault says about the registry's own state is done to the real one:
 * `forgetUpload` and `collect` delete there, `mountRefused`, `ignoreRange` and `wrongRange` change the question, `refuseOffset` asks it for its
 * own count, and after `revoke` it sees no Authorization that was used before.
 */
export async function faultGateway(target: string): Promise<FaultGateway> {
  const gateway = new HttpFaultGateway(target)
  await gateway.listen()
  return gateway
}

/** Headers of one connection, which the next one has for itself (RFC 9110, section 7.6.1). */
const perConnection = ["connection", "keep-alive", "transfer-encoding", "expect", "upgrade"]

class HttpFaultGateway implements FaultGateway {
  readonly #target: string
  readonly #faults = new FaultRules()
  readonly #log = new RequestLog()
  readonly #authorizations = new Set<string>()
  readonly #revoked = new Set<string>()
  /** Blobs that went through, by repository. */
  readonly #blobs = new Map<string, Set<string>>()
  #listening: Listening | undefined

  constructor(target: string) {
    this.#target = target
  }

  get port(): number {
    return this.#listening?.port ?? 0
  }

  get host(): string {
    return `127.0.0.1:${this.port}`
  }

  get origin(): string {
    return `http://${this.host}`
  }

  get requests(): readonly LoggedRequest[] {
    return this.#log.requests
  }

  count(matcher: string): number {
    return this.#log.matching(matcher).length
  }

  matching(matcher: string): LoggedRequest[] {
    return this.#log.matching(matcher)
  }

  bytesIn(matcher = "*"): number {
    return this.#log.bytesIn(matcher)
  }

  bytesOut(matcher = "*"): number {
    return this.#log.bytesOut(matcher)
  }

  clearRequests(): void {
    this.#log.clear()
  }

  fail(matcher: string, fault: Fault): FaultRule {
    return this.#faults.add(matcher, fault)
  }

  heal(): void {
    this.#faults.clear()
  }

  async listen(): Promise<void> {
    const handler = {
      answer: (exchange: Exchange) => this.#answer(exchange),
      revoke: () => this.#revoke(),
      collect: (route: Route, digests: readonly string[] | undefined) => this.#collect(route, digests),
    }
    const server = createServer(faultyListener({ scheme: "http", faults: this.#faults, log: this.#log, handler }))
    server.requestTimeout = 0
    server.on("clientError", (_, socket) => socket.destroy())
    this.#listening = await listenOnLoopback(server)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening?.close()
  }

  async #answer(exchange: Exchange): Promise<Reply> {
    const { url, method } = exchange
    const headers = this.#headersOf(exchange)
    const forgotten = exchange.strikes("forgetUpload")
    if (forgotten) {
      await this.#ask("DELETE", url, headers)
      delete headers["content-range"]
      headers["content-length"] = "0"
    }
    if (exchange.strikes("refuseOffset")) {
      const { location, range } = await this.#ask("GET", url, headers)
      const count = { ...(location ? { location } : {}), ...(range ? { range } : {}) }
      return errorReply(416, "RANGE_INVALID", "invalid content range", count)
    }
    if (exchange.route.resource === "upload" && exchange.strikes("mountRefused")) {
      url.searchParams.delete("mount")
      url.searchParams.delete("from")
    }
    if (headers.range !== undefined && exchange.strikes("ignoreRange")) delete headers.range
    if (headers.range !== undefined && exchange.strikes("wrongRange")) headers.range = shifted(headers.range)
    this.#noteBlob(exchange)

    const outgoing = this.#request(method, url, headers)
    exchange.outgoing.once("close", () => outgoing.destroy())
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once("response", resolve).on("error", reject)
    })
    // node:http loses an early refusal when it is cut off sending, so nothing is sent on into one
    const sent = forgotten ? Promise.resolve(outgoing.end()) : send(exchange.body(), outgoing)
    sent.catch(() => outgoing.destroy())
    try {
      return this.#replyOf(await Promise.race([answered, sent.then(() => answered)]), exchange)
    } catch (error) {
      throw error instanceof ConnectionCut ? error : exchange.cut()
    }
  }

  #replyOf(answer: IncomingMessage, exchange: Exchange): Reply {
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value === undefined || name === "content-length" || perConnection.includes(name)) continue
      headers[name] = Array.isArray(value) ? value.join(", ") : value
    }
    const fault = exchange.fault?.fault
    if (fault?.as === "wrongDigestHeader" && headers["docker-content-digest"] !== undefined && exchange.fault?.strike())
      headers["docker-content-digest"] = fault.digest ?? `sha256:${"0".repeat(64)}`
    const length = answer.headers["content-length"]
    return {
      status: answer.statusCode ?? 502,
      headers,
      body: { stream: received(answer), sizeBytes: length === undefined ? undefined : Number(length) },
    }
  }

  #headersOf({ incoming }: Exchange): IncomingHttpHeaders {
    const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !perConnection.includes(name)))
    const { authorization } = incoming.headers
    if (authorization === undefined) return headers
    if (this.#revoked.has(authorization)) delete headers.authorization
    else this.#authorizations.add(authorization)
    return headers
  }

  #noteBlob({ route, url }: Exchange): void {
    const digest = route.resource === "blob" ? route.reference : url.searchParams.get("digest")
    if (!digest || route.repository === undefined) return
    const blobs = this.#blobs.get(route.repository) ?? new Set()
    this.#blobs.set(route.repository, blobs.add(digest))
  }

  #revoke(): void {
    for (const authorization of this.#authorizations) this.#revoked.add(authorization)
  }

  async #collect({ repository = "" }: Route, digests: readonly string[] | undefined): Promise<void> {
    for (const digest of digests ?? this.#blobs.get(repository) ?? [])
      await this.#ask("DELETE", new URL(`/v2/${repository}/blobs/${digest}`, this.origin), { host: this.host })
  }

  /** A request of the gateway's own; its answer's headers. */
  async #ask(method: string, url: URL, headers: IncomingHttpHeaders): Promise<IncomingHttpHeaders> {
    const { "content-length": _, "content-range": __, ...rest } = headers
    const outgoing = this.#request(method, url, rest)
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once("response", resolve).once("error", reject)
      outgoing.end()
    })
    answer.resume().once("close", () => outgoing.destroy())
    return answer.headers
  }

  #request(method: string, url: URL, headers: IncomingHttpHeaders) {
    const [host = "", port] = this.#target.split(":")
    // a connection that is to be closed is reset under a body that the registry answers without reading it
    const kept = { ...headers, connection: "keep-alive" }
    return request({ host, port: Number(port), method, path: url.pathname + url.search, headers: kept, agent: false })
  }
}

/** Passes the request's body on. @throws ConnectionCut when it does not arrive whole. */
async function send(body: AsyncIterable<Buffer>, outgoing: ReturnType<typeof request>): Promise<void> {
  for await (const piece of body) {
    // the registry has answered: what still comes is read, so that the client gets to see the answer
    if (outgoing.destroyed) continue
    if (!outgoing.write(piece)) await writable(outgoing)
  }
  outgoing.end()
}

async function writable(outgoing: ReturnType<typeof request>): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      outgoing.removeListener("drain", done).removeListener("close", done)
      resolve()
    }
    outgoing.on("drain", done).on("close", done)
  })
}

async function* received(answer: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const piece of answer) yield piece as Buffer
  } catch {
    throw new ConnectionCut()
  }
}

/** Other bytes than asked for, as many. */
function shifted(range: string): string {
  const [, from = "0", to = "0"] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? []
  const by = from === "0" ? 1 : -1
  return `bytes=${Number(from) + by}-${Number(to) + by}`
}
