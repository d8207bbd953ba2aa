import {
  type Clock,
  type CredentialSource,
  type Credentials,
  createHttp,
  createRedactor,
  createTransport,
  type HostLimits,
  type HostSettings,
  type Http,
  openRemote,
  type RemoteStore,
  type Send,
  TransferError,
  type Transport,
  type TransportOptions,
} from "@entrepot/core"
import { LRUCache } from "lru-cache"
import type { MeteredUpstream, RegistryMeter } from "../registry-meter.ts"
import { Circuit, type CircuitOptions } from "./circuit.ts"
import type { ClientIdentity } from "./client-identity.ts"
import { meteredSend } from "./metered-send.ts"
import type { Upstream, UpstreamHealth } from "./upstream.ts"
import { inOwnWords, isAnswer } from "./upstream-failure.ts"

/** How upstreams are reached. */
export interface UpstreamHttpOptions extends Omit<TransportOptions, "hosts" | "isConfigured"> {
  /** Settings of further hosts that somebody configured: token servers, storage that upstreams redirect to. They may have private addresses. */
  readonly hosts?: Readonly<Record<string, HostSettings>> | undefined
  /** Gates that the process shares. */
  readonly limits: HostLimits
  readonly clock?: Clock | undefined
  readonly circuit?: CircuitOptions | undefined
  readonly meter?: Omit<RegistryMeter, "request"> | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Logins of clients at one upstream that are kept at once: their tokens, not connections. */
const keptIdentities = 1_000

/**
 * One upstream as it is asked: its connections, its login, its circuit, and what is known of its health. Each try is sent once; whoever asks decides
 * about another.
 */
export class UpstreamClient {
  /** `host[:port]`. */
  readonly host: string
  readonly circuit: Circuit
  #upstream: Upstream
  readonly #options: UpstreamHttpOptions
  readonly #transport: Transport
  readonly #http: Http
  readonly #identities = new LRUCache<string, Http>({ max: keptIdentities })
  #lastSuccessAt: number | null = null
  #lastFailureAt: number | null = null
  #lastError: TransferError | undefined
  #latencyMs: number | null = null

  constructor(upstream: Upstream, options: UpstreamHttpOptions) {
    this.#upstream = upstream
    this.#options = options
    this.host = new URL(upstream.url).host
    this.circuit = new Circuit({ ...options.circuit, now: options.now, turned: (state) => this.#turned(state) })
    const hosts = this.#hosts
    this.#transport = createTransport({
      // Who waits for an image has another upstream, or wants to know soon.
      connectTimeoutMs: 8_000,
      ...options,
      hosts: (host) => hosts[host] ?? {},
      isConfigured: (host) => Object.hasOwn(hosts, host),
    })
    this.#http = this.#createHttp(async (host) => (host === this.host ? await this.#upstream.credentials() : undefined))
  }

  get upstream(): Upstream {
    return this.#upstream
  }

  get lastError(): TransferError | undefined {
    return this.#lastError
  }

  /** The same upstream, read again: its credentials may be others. */
  renew(upstream: Upstream): void {
    this.#upstream = upstream
  }

  /** A repository of its registry, as it lies here; read with the login of a client where one is given. Nothing is sent yet. */
  open(path: string, identity?: ClientIdentity): RemoteStore {
    return openRemote({ host: this.host, repository: this.pathOf(path), http: this.http(identity), side: "source" })
  }

  /** Where a repository of its registry lies here. */
  pathOf(path: string): string {
    const { pathPrefix } = this.#upstream
    return pathPrefix === "" ? path : `${pathPrefix.replace(/^\/+|\/+$/g, "")}/${path}`
  }

  /** What its requests go through. */
  http(identity?: ClientIdentity): Pick<Http, "send" | "baseUrl"> {
    if (identity === undefined) return this.#http
    const { shows } = identity
    if ("bearer" in shows) return this.#withBearer(shows.bearer)
    let http = this.#identities.get(identity.key)
    if (http === undefined) {
      http = this.#createHttp(async (host) => (host === this.host ? shows.credentials : undefined))
      this.#identities.set(identity.key, http)
    }
    return http
  }

  /** A login that is only tried. */
  loginWith(known: Credentials): Pick<Http, "send" | "baseUrl"> {
    return this.#createHttp(async (host) => (host === this.host ? known : undefined))
  }

  /** Whether a login of ours is configured. */
  async hasLogin(): Promise<boolean> {
    return (await this.#upstream.credentials()) !== undefined
  }

  /** How long it wants to be left alone, milliseconds; 0 most of the time. */
  get waitingForMs(): number {
    return this.#options.limits.state(this.host)?.waitingForMs ?? 0
  }

  /** The error of one that is not asked now, because it has failed too often. */
  leftAlone(): TransferError {
    const retryAfterMs = Math.max(1000, (this.circuit.retryAt ?? 0) - this.#options.now())
    const { code = "network", cause } = this.#lastError ?? {}
    const message = this.#lastError === undefined ? `${this.host} has failed too often` : inOwnWords(this.#lastError)
    return new TransferError(code, message, { host: this.host, side: "source", retryAfterMs, cause })
  }

  /** The error of one that has asked to be left alone. */
  limited(waitMs: number): TransferError {
    const details = { host: this.host, side: "source", status: 429, retryAfterMs: waitMs } as const
    return new TransferError("rate_limited", `${this.host} has asked us to wait`, details)
  }

  /** It was asked something, for which it took so long. @param error what it failed with; that there is none, or none for us, is an answer */
  asked(tookMs: number, error?: TransferError): void {
    const { meter } = this.#options
    if (meter === undefined) return
    if (error === undefined || isAnswer(error)) meter.upstreamAnswered(this.#metered, tookMs)
    else meter.upstreamFailed(this.#metered, error.code)
  }

  noteSuccess(tookMs: number): void {
    this.#lastSuccessAt = this.#options.now()
    this.#latencyMs = this.#latencyMs === null ? tookMs : this.#latencyMs + (tookMs - this.#latencyMs) / 8
  }

  noteFailure(error: TransferError): void {
    this.#lastFailureAt = this.#options.now()
    this.#lastError = error
  }

  get health(): UpstreamHealth {
    const budget = this.#options.limits.state(this.host)?.budget
    return {
      upstreamId: this.#upstream.id,
      host: this.host,
      circuit: this.circuit.state,
      retryAt: this.circuit.retryAt ?? null,
      lastSuccessAt: this.#lastSuccessAt,
      lastFailureAt: this.#lastFailureAt,
      lastError: this.#lastFailure,
      latencyMs: this.#latencyMs === null ? null : Math.round(this.#latencyMs),
      pulls:
        budget?.limit === undefined
          ? null
          : { limit: budget.limit, remaining: budget.remaining, windowS: budget.windowSeconds ?? 0 },
    }
  }

  async close(): Promise<void> {
    await this.#http.close()
    for (const http of this.#identities.values()) await http.close()
    await this.#transport.close()
  }

  /** Code and sentence. */
  get #lastFailure(): string | null {
    return this.#lastError === undefined ? null : `${this.#lastError.code}: ${inOwnWords(this.#lastError)}`
  }

  get #metered(): MeteredUpstream {
    const { id, name, registry } = this.#upstream
    return { id, name, registry, host: this.host }
  }

  #turned(state: "open" | "closed"): void {
    const { meter } = this.#options
    if (state === "open") meter?.upstreamUnhealthy(this.#metered, this.#lastFailure)
    else meter?.upstreamRecovered(this.#metered)
  }

  /** Its own and the configured ones. */
  get #hosts(): Readonly<Record<string, HostSettings>> {
    const { hostSettings, url } = this.#upstream
    const own = url.startsWith("http:") ? { ...hostSettings, plainHttp: true } : hostSettings
    return { ...this.#options.hosts, [this.host]: own }
  }

  #createHttp(credentials: CredentialSource): Http {
    const http = createHttp({
      hosts: this.#hosts,
      transport: this.#transport.send,
      limits: this.#options.limits,
      retry: { attempts: 1 },
      credentials,
      ...(this.#options.clock === undefined ? {} : { clock: this.#options.clock }),
    })
    const { meter } = this.#options
    return meter === undefined
      ? http
      : { ...http, send: meteredSend(http.send, (bytes) => meter.upstreamSent(this.#metered, bytes)) }
  }

  /** The client's own token, to the upstream itself alone: what a redirect leads to never sees it (RELIABILITY S2). */
  #withBearer(token: string): Pick<Http, "send" | "baseUrl"> {
    const hide = createRedactor([token])
    const send: Send = async (request) => {
      const isOurs = request.origin === "configured" && request.url.host === this.host
      const headers = isOurs ? { ...request.headers, authorization: `Bearer ${token}` } : (request.headers ?? {})
      const { scopes: _, ...rest } = request
      return { ...(await this.#http.send({ ...rest, headers })), hide }
    }
    return { send, baseUrl: (host) => this.#http.baseUrl(host) }
  }
}
