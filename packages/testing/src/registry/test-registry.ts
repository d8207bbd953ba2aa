import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { createServer as createTlsServer } from "node:https"
import type { BlobContent } from "../images/blob-content.ts"
import type { TestImage } from "../images/image.ts"
import { type Listening, listenOnLoopback } from "../listen.ts"
import { AccessControl } from "./access-control.ts"
import { BlobRedirect } from "./blob-redirect.ts"
import { ConnectionCut, Exchange } from "./exchange.ts"
import { type Fault, type FaultRule, FaultRules } from "./fault.ts"
import type { TestRegistryOptions } from "./registry-options.ts"
import { RegistryState } from "./registry-state.ts"
import { errorReply, type Reply } from "./reply.ts"
import type { StoredManifest } from "./repository.ts"
import { type LoggedRequest, RequestLog, withoutSecrets } from "./request-log.ts"
import { type Route, routeOf } from "./route.ts"
import { serveBlob } from "./serve-blobs.ts"
import { serveCatalog, serveReferrers, serveTags } from "./serve-lists.ts"
import { deleteManifest, serveManifest } from "./serve-manifests.ts"
import { serveUpload } from "./serve-uploads.ts"

/** A registry in this process that speaks the distribution specification 1.1, and fails where it is told to. */
export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:5000`, as in an image name. */
  readonly host: string
  readonly port: number
  /** `http://127.0.0.1:5000` */
  readonly origin: string
  /** Where the token server answers, and where blobs are redirected to (when they are). */
  readonly tokenOrigin: string
  readonly cdnOrigin: string | undefined
  /** Every request so far, token and CDN requests too. */
  readonly requests: readonly LoggedRequest[]
  /** How many requests fit a matcher: "GET blob", "* upload", "HEAD *". */
  count(matcher: string): number
  matching(matcher: string): LoggedRequest[]
  /** Body bytes that were read from, or sent to, the requests that fit. */
  bytesIn(matcher?: string): number
  bytesOut(matcher?: string): number
  /** How many requests were under way at once at most. */
  readonly peak: number
  /** Connections accepted so far. */
  readonly connections: number
  clearRequests(): void
  /** Makes requests that fit ("PATCH upload") fail; the first rule that fits a request is its fault. */
  fail(matcher: string, fault: Fault): FaultRule
  /** Takes all faults away. */
  heal(): void
  /** `repository:tag`, or `repository` for an image without a tag. */
  add(reference: string, image: TestImage): void
  /** True when exactly this image is there: manifests, children and blobs, rehashed. */
  holds(reference: string, image: TestImage): boolean
  manifest(repository: string, reference: string): StoredManifest | undefined
  blob(repository: string, digest: string): BlobContent | undefined
  tags(repository: string): string[]
  repositories(): string[]
  deleteBlob(repository: string, digest: string): void
  deleteManifest(repository: string, reference: string): void
  /** Upload sessions that were begun and neither closed nor cancelled. */
  openUploads(): number
  revokeTokens(): void
  resetRateLimit(): void
  /** Stops listening, so that connections are refused; `listen` takes the same port again. */
  close(): Promise<void>
  listen(): Promise<void>
}

/** Starts a test registry on a free port of 127.0.0.1. */
export async function testRegistry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const registry = new HttpTestRegistry(options)
  await registry.listen()
  return registry
}

class HttpTestRegistry implements TestRegistry {
  readonly #options: TestRegistryOptions
  readonly #state: RegistryState
  readonly #access: AccessControl
  readonly #faults = new FaultRules()
  readonly #log = new RequestLog()
  #listening: Listening[] = []
  #port: number
  #tokenPort = 0
  #cdnPort = 0
  connections = 0

  constructor(options: TestRegistryOptions) {
    this.#options = options
    this.#port = options.port ?? 0
    this.#state = new RegistryState(options.quirks ?? {})
    this.#access = new AccessControl(options.auth)
    for (const [reference, image] of Object.entries(options.images ?? {})) this.add(reference, image)
  }

  get host(): string {
    return `127.0.0.1:${this.#port}`
  }

  get port(): number {
    return this.#port
  }

  get origin(): string {
    return `${this.#options.tls ? "https" : "http"}://${this.host}`
  }

  get tokenOrigin(): string {
    return this.#access.tokenOrigin
  }

  get cdnOrigin(): string | undefined {
    return this.#state.redirect?.origin
  }

  get requests(): readonly LoggedRequest[] {
    return this.#log.requests
  }

  get peak(): number {
    return this.#log.peak
  }

  count(matcher: string): number {
    return this.#log.matching(matcher).length
  }

  matching(matcher: string): LoggedRequest[] {
    return this.#log.matching(matcher)
  }

  bytesIn(matcher = "*"): number {
    return this.#log.matching(matcher).reduce((sum, each) => sum + each.bytesIn, 0)
  }

  bytesOut(matcher = "*"): number {
    return this.#log.matching(matcher).reduce((sum, each) => sum + each.bytesOut, 0)
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

  add(reference: string, image: TestImage): void {
    this.#state.add(reference, image)
  }

  holds(reference: string, image: TestImage): boolean {
    return this.#state.holds(reference, image)
  }

  manifest(repository: string, reference: string): StoredManifest | undefined {
    return this.#state.repositories.get(repository)?.manifest(reference)
  }

  blob(repository: string, digest: string): BlobContent | undefined {
    return this.#state.repositories.get(repository)?.blobs.get(digest)
  }

  tags(repository: string): string[] {
    return this.#state.repositories.get(repository)?.sortedTags() ?? []
  }

  repositories(): string[] {
    return [...this.#state.repositories.keys()].sort()
  }

  deleteBlob(repository: string, digest: string): void {
    this.#state.repositories.get(repository)?.blobs.delete(digest)
  }

  deleteManifest(repository: string, reference: string): void {
    const found = this.#state.repositories.get(repository)
    if (found) deleteManifest(found, reference)
  }

  openUploads(): number {
    return [...this.#state.repositories.values()].reduce((sum, each) => sum + each.uploads.size, 0)
  }

  revokeTokens(): void {
    this.#access.revoke()
  }

  resetRateLimit(): void {
    this.#state.resetPulls()
  }

  async listen(): Promise<void> {
    if (this.#listening.length > 0) return
    const { auth, redirectBlobs } = this.#options
    this.#port = await this.#listenOn(this.#port)
    this.#access.tokenOrigin = this.origin
    if (typeof auth === "object" && "token" in auth && auth.otherPort) {
      this.#tokenPort = await this.#listenOn(this.#tokenPort)
      this.#access.tokenOrigin = this.#otherOrigin(this.#tokenPort)
    }
    if (redirectBlobs) {
      const settings = redirectBlobs === true ? {} : redirectBlobs
      this.#cdnPort = await this.#listenOn(this.#cdnPort)
      const origin = this.#otherOrigin(this.#cdnPort)
      this.#state.redirect = new BlobRedirect(origin, settings.signedForMs ?? 60_000, settings.status ?? 307)
    }
  }

  async close(): Promise<void> {
    const listening = this.#listening
    this.#listening = []
    await Promise.all(listening.map((each) => each.close()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #otherOrigin(port: number): string {
    return `${this.#options.tls ? "https" : "http"}://127.0.0.1:${port}`
  }

  async #listenOn(port: number): Promise<number> {
    const { tls } = this.#options
    const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void this.#serve(incoming, outgoing)
    const mutual = tls?.clientCa ? { requestCert: true, rejectUnauthorized: true, ca: tls.clientCa } : {}
    const server: Server = tls ? createTlsServer({ key: tls.key, cert: tls.cert, ...mutual }, listener) : createServer(listener)
    server.requestTimeout = 0
    server.on("connection", () => this.connections++)
    server.on("clientError", (_, socket) => socket.destroy())
    const listening = await listenOnLoopback(server, { port })
    this.#listening.push(listening)
    return listening.port
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "/", `${this.#options.tls ? "https" : "http"}://${incoming.headers.host}`)
    const route = routeOf(url.pathname)
    const method = incoming.method ?? "GET"
    const logged = this.#log.begin({
      ...route,
      method,
      path: url.pathname + url.search,
      headers: withoutSecrets(incoming.headers),
      clientPort: incoming.socket.remotePort ?? 0,
    })
    outgoing.once("close", () => this.#log.end(logged))
    outgoing.on("error", () => {})
    const fault = this.#faults.find(method, route, incoming.headers.range !== undefined)
    const exchange = new Exchange(incoming, outgoing, { url, route, logged, fault })
    try {
      const reply = (await this.#early(exchange)) ?? (await this.#answer(exchange))
      if (!reply) return
      if (exchange.strikes("lostReply")) throw exchange.cut()
      await exchange.send(reply)
    } catch (error) {
      if (error instanceof ConnectionCut) return
      await exchange.send(errorReply(500, "UNKNOWN", String(error))).catch(() => {})
    }
  }

  /** Faults that strike before the request is looked at; undefined lets it go on. */
  async #early(exchange: Exchange): Promise<Reply | undefined> {
    const fault = exchange.fault?.fault
    const bodiless = !exchange.hasRequestBody || Number(exchange.incoming.headers["content-length"] ?? 1) === 0
    switch (fault?.as) {
      case "reset":
        if (!fault.after && exchange.strikes("reset")) throw exchange.cut()
        return undefined
      case "stall":
        if (!fault.after && (bodiless || exchange.method === "HEAD") && exchange.strikes("stall"))
          await exchange.wait(fault.forMs)
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
        this.#access.revoke()
        return undefined
      case "collect":
        exchange.strikes("collect")
        this.#collect(exchange.route, fault.digests)
        return undefined
      default:
        return undefined
    }
  }

  #collect({ repository = "" }: Route, digests: readonly string[] | undefined): void {
    const blobs = this.#state.repository(repository).blobs
    for (const digest of digests ?? [...blobs.keys()]) blobs.delete(digest)
  }

  async #answer(exchange: Exchange): Promise<Reply> {
    const { resource } = exchange.route
    if (resource === "token") return await this.#access.serveToken(exchange)
    if (resource === "cdn") return this.#state.redirect?.serve(exchange, this.#state) ?? errorReply(404, "NoSuchBucket")
    const refusal = this.#access.check(exchange)
    if (refusal) return refusal
    switch (resource) {
      case "ping":
        return { status: 200, headers: { "docker-distribution-api-version": "registry/2.0" }, body: Buffer.from("{}") }
      case "manifest":
        return await serveManifest(exchange, this.#state)
      case "blob":
        return serveBlob(exchange, this.#state)
      case "upload":
        return await serveUpload(exchange, this.#state)
      case "tags":
        return serveTags(exchange, this.#state)
      case "catalog":
        return serveCatalog(exchange, this.#state)
      case "referrers":
        return serveReferrers(exchange, this.#state)
      default:
        return errorReply(404, "UNSUPPORTED", "page not found")
    }
  }
}
