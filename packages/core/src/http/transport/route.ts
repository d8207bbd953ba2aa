import type { ConnectionOptions } from "node:tls"
import { TransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest } from "../http.ts"
import { checkAddress, checkHostname } from "./address-guard.ts"
import { withDeadline } from "./deadline.ts"
import { checkDenied, type DeniedSockets } from "./denied-sockets.ts"
import { type Dialled, type DialTarget, dial, type Lookup } from "./dial.ts"
import { type HostSettings, tlsKey } from "./host-settings.ts"
import { dialProxy, dialTunnel, isHttpProxy, proxyAuthorization } from "./proxy.ts"
import { type ProxySettings, proxyFor } from "./proxy-settings.ts"

export interface RouteOptions {
  readonly hosts: (hostport: string) => HostSettings
  readonly isConfigured: (hostport: string) => boolean
  readonly denied: DeniedSockets
  readonly proxies: ProxySettings
  readonly lookup?: Lookup | undefined
  readonly userAgent: string
  readonly connectTimeoutMs: number
  /** TLS parameters for a host. */
  readonly secure: (settings: HostSettings, hostname: string) => ConnectionOptions
}

/** How a request reaches its host. */
export interface Route {
  /** Requests with equal keys may share a connection. */
  readonly key: string
  /** Set when the request goes to a plain HTTP proxy in absolute form. */
  readonly viaProxy?: { readonly host: string; readonly authorization: string | undefined }
  /** @throws TransferError `network`, `tls`, `address_blocked`, `cancelled`. */
  open(): Promise<Dialled>
}

/** Chooses direct connection, proxy or tunnel for a request, under the address rules of RELIABILITY S3. */
export function routeOf(request: HttpRequest, options: RouteOptions): Route {
  const { url, signal } = request
  const { host } = url
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new TransferError("protocol", `${url.protocol} is not spoken here, only http: and https:`, { host })
  }
  const hostname = url.hostname.replace(/^\[|\]$/g, "")
  const settings = options.hosts(host)
  // What a person named may be private; a connection made under that rule never serves a URL that a server led to.
  const named = request.origin === "configured" || options.isConfigured(host)
  const proxy = proxyFor(url, options.proxies)
  const key = `${url.protocol}//${host} ${named} ${proxy?.href ?? ""} ${tlsKey(settings)}`
  const { denied } = options
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port)
  checkDenied(hostname, port, { host, denied })
  const target: DialTarget = {
    hostname,
    port,
    host,
    tls: url.protocol === "https:" ? options.secure(settings, hostname) : undefined,
    guard: (address) => {
      checkDenied(address, port, { host, denied })
      checkAddress(address, { host, named })
    },
  }
  const within = (work: (signal: AbortSignal) => Promise<Dialled>) =>
    withDeadline(host, { connectTimeoutMs: options.connectTimeoutMs, signal }, work)
  if (!proxy) return { key, open: () => within((signal) => dial(target, { lookup: options.lookup, signal })) }

  const proxyTls = (name: string) => options.secure(options.hosts(proxy.host), name)
  const guardProxy = (address: string) => checkAddress(address, { host: proxy.host, named: true })
  const through = (signal: AbortSignal) => ({ proxy, proxyTls, userAgent: options.userAgent, lookup: options.lookup, signal })
  const plain = target.tls === undefined && isHttpProxy(proxy)
  const open = () => {
    checkHostname(hostname, { host, named })
    return within((signal) => (plain ? dialProxy(guardProxy, through(signal)) : dialTunnel(target, guardProxy, through(signal))))
  }
  return plain ? { key, open, viaProxy: { host: proxy.host, authorization: proxyAuthorization(proxy) } } : { key, open }
}
