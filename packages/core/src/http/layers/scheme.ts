import { isCancellation, isTransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest, HttpResponse, Layer, Send } from "../http.ts"
import type { HostSettings } from "../transport/host-settings.ts"
import { spokePlainHttp } from "../transport/tls-error.ts"
import { connectionNeverOpened } from "./connection-errors.ts"
import { unlessAborted } from "./unless-aborted.ts"

type Scheme = "http:" | "https:"

interface Host {
  /** The one that is tried first, then the only other one that is allowed. */
  readonly candidates: readonly [Scheme] | readonly [Scheme, Scheme]
  settled: Scheme | undefined
  settling: Promise<void> | undefined
}

/**
 * Which scheme each host speaks. It is https, and http for hosts that are configured so. Loopback hosts and hosts with `tlsVerify`
 * false may speak either: their first request finds out, while the others wait for it. It costs nothing extra when the first guess is
 * right. Since a host's first request is anonymous, no credentials go out before this is settled; and no other host is ever asked
 * over plain http.
 */
export class Schemes {
  readonly #hosts = new Map<string, Host>()
  readonly #settings: (host: string) => HostSettings

  constructor(settings: (host: string) => HostSettings) {
    this.#settings = settings
  }

  /** The scheme as far as it is known: the layer corrects a guess that turns out wrong. */
  of(host: string): Scheme {
    const known = this.#host(host)
    return known.settled ?? known.candidates[0]
  }

  layer(): Layer {
    return (next) => async (request) => {
      const host = this.#host(request.url.host)
      while (!host.settled && host.settling) await unlessAborted(host.settling, request.signal)
      return host.settled ? next(withScheme(request, host.settled)) : settle(host, request, next)
    }
  }

  #host(name: string): Host {
    let host = this.#hosts.get(name)
    if (!host) {
      const candidates = candidatesFor(name, this.#settings(name))
      host = { candidates, settled: candidates.length === 1 ? candidates[0] : undefined, settling: undefined }
      this.#hosts.set(name, host)
    }
    return host
  }
}

function candidatesFor(host: string, settings: HostSettings): Host["candidates"] {
  if (settings.plainHttp) return ["http:"]
  if (settings.tlsVerify === false) return ["https:", "http:"]
  if (!isLoopback(host)) return ["https:"]
  return settings.ca || settings.clientCertificate ? ["https:", "http:"] : ["http:", "https:"]
}

/** `localhost`, 127.0.0.0/8 or ::1: a host as it stands in URLs, with or without a port, or as a socket is bound to it. */
export function isLoopback(host: string): boolean {
  return host === "::1" || /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host)
}

/** Sends `request` over whichever scheme works, and remembers it. A failure is shared with those who wait. */
async function settle(host: Host, request: HttpRequest, next: Send): Promise<HttpResponse> {
  let resolve: () => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  host.settling = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  host.settling.catch(() => undefined)
  try {
    const response = await firstAnswer(host, request, next)
    resolve()
    return response
  } catch (error) {
    if (isCancellation(error, request.signal) || host.settled) resolve()
    else reject(error)
    throw error
  } finally {
    host.settling = undefined
  }
}

async function firstAnswer(host: Host, request: HttpRequest, next: Send): Promise<HttpResponse> {
  const harmless = request.method === "GET" || request.method === "HEAD"
  const answer = await probe(host, harmless ? request : pingRequest(request), next)
  if (harmless && answer) return answer
  await answer?.body.discard()
  return next(withScheme(request, host.settled ?? host.candidates[0]))
}

/** Settles the scheme. Undefined when the answer by which it was settled is not the one to give. */
async function probe(host: Host, request: HttpRequest, next: Send): Promise<HttpResponse | undefined> {
  const [first, second = first] = host.candidates
  let wrong: unknown
  try {
    const answer = await next(withScheme(request, first))
    if (!maybeMeantForTls(answer, first)) {
      host.settled = first
      return answer
    }
    await answer.body.discard()
  } catch (error) {
    if (!maybeWrongScheme(error, first, request.url.host)) throw error
    wrong = error
  }
  try {
    const answer = await next(withScheme(request, second))
    host.settled = second
    return answer
  } catch (error) {
    if (isCancellation(error, request.signal)) throw error
    const refusedCertificate = isTransferError(error, "tls") && !spokePlainHttp(error)
    if (refusedCertificate) host.settled = second
    if (refusedCertificate || wrong) throw refusedCertificate ? error : wrong
    host.settled = first
    return undefined
  }
}

/** What is sent first where the request itself changes something. */
function pingRequest(request: HttpRequest): HttpRequest {
  const { url, origin, signal } = request
  return { method: "GET", url: new URL("/v2/", url), origin, signal, ...(request.side && { side: request.side }) }
}

/** Go and nginx answer 400 to plain http on a TLS port. */
function maybeMeantForTls(response: HttpResponse, scheme: Scheme): boolean {
  return scheme === "http:" && response.status === 400
}

/** https: the answer was no TLS. http: a connection came about and was then dropped, or answered with a TLS alert; by the host itself. */
function maybeWrongScheme(error: unknown, scheme: Scheme, host: string): boolean {
  if (!isTransferError(error) || (error.host ?? host) !== host) return false
  if (scheme === "https:") return spokePlainHttp(error)
  return (error.code === "network" || error.code === "protocol") && !connectionNeverOpened(error)
}

function withScheme(request: HttpRequest, scheme: Scheme): HttpRequest {
  if (request.url.protocol === scheme) return request
  const url = new URL(request.url)
  url.protocol = scheme
  return { ...request, url }
}
