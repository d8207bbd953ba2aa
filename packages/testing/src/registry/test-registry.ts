import { createServer, type Server } from "node:http"
import { createServer as createTlsServer } from "node:https"
import type { BlobContent } from "../images/blob-content.ts"
import type { TestImage } from "../images/image.ts"
import { type Listening, listenOnLoopback } from "../listen.ts"
import { AccessControl } from "./access-control.ts"
import { BlobRedirect } from "./blob-redirect.ts"
import type { Exchange } from "./exchange.ts"
import { type Fault, type FaultRule, FaultRules } from "./fault.ts"
import { faultyListener } from "./faulty-listener.ts"
import type { TestRegistryOptions } from "./registry-options.ts"
import { RegistryState } from "./registry-state.ts"
import { errorReply, type Reply } from "./reply.ts"
import type { StoredManifest } from "./repository.ts"
import { type LoggedRequest, RequestLog } from "./request-log.ts"
import type { Route } from "./route.ts"
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
    const listener = faultyListener({
      scheme: tls ? "https" : "http",
      faults: this.#faults,
      log: this.#log,
      handler: {
        answer: (exchange) => this.#answer(exchange),
        revoke: () => this.#access.revoke(),
        collect: (route, digests) => this.#collect(route, digests),
      },
    })
    const mutual = tls?.clientCa ? { requestCert: true, rejectUnauthorized: true, ca: tls.clientCa } : {}
    const server: Server = tls ? createTlsServer({ key: tls.key, cert: tls.cert, ...mutual }, listener) : createServer(listener)
    server.requestTimeout = 0
    server.on("connection", () => this.connections++)
    server.on("clientError", (_, socket) => socket.destroy())
    const listening = await listenOnLoopback(server, { port })
    this.#listening.push(listening)
    return listening.port
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
