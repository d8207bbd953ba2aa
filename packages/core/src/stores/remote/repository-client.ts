import type { Side } from "../../errors/error-code.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest, HttpResponse, Send } from "../../http/http.ts"
import { type Asked, placed, protocolError, registryError } from "./registry-error.ts"

/** What a remote needs of the HTTP client. */
export interface RemoteHttp {
  readonly send: Send
  /** Root of the registry's API, after it was found out whether the host speaks TLS: `https://harbor.example.com/`. */
  baseUrl(host: string): Promise<URL>
  /** How long a host may ask for patience, milliseconds, before an upload gives up; see `HostLimits`. */
  readonly limits?: { readonly maxWaitMs: number } | undefined
}

export interface RepositoryAddress {
  /** `host[:port]` of the registry's API: `registry-1.docker.io`, not docker.io. */
  readonly host: string
  /** Path on that host, `library/` included: `library/nginx`. */
  readonly repository: string
  readonly http: RemoteHttp
  /** Which end of the transfer this is: decides the token scopes and goes into errors. Default `source`. */
  readonly side?: Side | undefined
}

/** A request without what the client knows by itself. */
export type Ask = Omit<HttpRequest, "url" | "origin" | "side">

/** Where a server's Location or Link leads, and whether the registry's credentials may go there (RELIABILITY S1, S3). */
export interface Onward {
  readonly url: URL
  readonly origin: HttpRequest["origin"]
}

/** Sends the requests of one repository: URLs, scopes, side and the wording of errors. */
export class RepositoryClient {
  readonly host: string
  readonly repository: string
  readonly side: Side
  readonly #http: RemoteHttp

  constructor({ host, repository, http, side = "source" }: RepositoryAddress) {
    this.host = host
    this.repository = repository
    this.side = side
    this.#http = http
  }

  /** Scope of everything but deletions: a target's token can push as well. */
  get scope(): string {
    return `repository:${this.repository}:${this.side === "target" ? "pull,push" : "pull"}`
  }

  asked(what: string): Asked {
    return { host: this.host, side: this.side, what }
  }

  /** `path` below `/v2/NAME/`. */
  async url(path: string): Promise<URL> {
    return new URL(`/v2/${this.repository}/${path}`, await this.#http.baseUrl(this.host))
  }

  /** Sends to a path below `/v2/NAME/`, or onward to where the registry led. @throws TransferError with host and side. */
  async send(to: string | Onward, what: string, ask: Ask): Promise<HttpResponse> {
    try {
      const { url, origin }: Onward = typeof to === "string" ? { url: await this.url(to), origin: "configured" } : to
      return await this.#http.send({
        ...ask,
        url,
        origin,
        side: this.side,
        // without scopes nothing is authenticated
        ...(origin === "derived" ? {} : { scopes: ask.scopes ?? [this.scope] }),
      })
    } catch (error) {
      throw placed(error, this.asked(what))
    }
  }

  /** The error that an answer stands for; its body is consumed. */
  error(response: HttpResponse, what: string): Promise<TransferError> {
    return registryError(response, this.asked(what))
  }

  /**
   * Reads a Location or Link that the registry gave. On the registry's own origin it is as configured as the registry; elsewhere it is
   * derived and gets no credentials.
   * @throws TransferError `protocol`, `address_blocked`.
   */
  async onward(given: string, from: URL, what: string): Promise<Onward> {
    const base = await this.#http.baseUrl(this.host)
    let url: URL
    try {
      url = new URL(given, from)
    } catch (cause) {
      throw protocolError(this.asked(what), "gave an address that is none", cause)
    }
    if (url.protocol !== "https:" && url.protocol !== "http:")
      throw protocolError(this.asked(what), "gave an address that is not http")
    // distribution behind a proxy that ends TLS answers http:// for its own host (its `relativeurls` setting)
    if (url.protocol === "http:" && base.protocol === "https:" && url.hostname === base.hostname) {
      url = new URL(url.pathname + url.search, base)
    }
    if (url.protocol === "http:" && base.protocol === "https:") {
      throw new TransferError("address_blocked", `${this.host} led from https to http for ${what}`, {
        host: this.host,
        side: this.side,
      })
    }
    url.username = ""
    url.password = ""
    url.hash = ""
    return { url, origin: url.origin === base.origin ? "configured" : "derived" }
  }
}
