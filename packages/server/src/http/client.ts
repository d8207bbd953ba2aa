import type { IncomingMessage } from "node:http"
import { BlockList, isIP } from "node:net"

/** Who asks, as far as connection and believed proxies tell. */
export interface Client {
  /** IP address, without the IPv6 wrapping of an IPv4 one. */
  readonly address: string
  /** The client's own connection is encrypted, to us or to a proxy that we believe. */
  readonly https: boolean
  /** Host and port that the client wrote into its address bar; undefined where it sent none. */
  readonly host: string | undefined
  /** A proxy that we believe stands between. */
  readonly viaProxy: boolean
}

/** Whether forwarded headers of this address are believed. */
export type ProxyTrust = (address: string) => boolean

/**
 * Addresses and networks (`10.0.0.0/8`, `::1`) as a question.
 * @throws TypeError for an entry that is neither.
 */
export function createProxyTrust(trustedProxies: readonly string[]): ProxyTrust {
  const list = new BlockList()
  for (const entry of trustedProxies) {
    const [address = "", prefix] = entry.split("/")
    const family = familyOf(address)
    if (family === undefined) throw new TypeError(`"${entry}" is neither an address nor a network`)
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return (address) => {
    const family = familyOf(address)
    return family !== undefined && list.check(address, family)
  }
}

/** The client of a request: the connection's other end, or whom trusted proxies name. */
export function clientOf(request: Pick<IncomingMessage, "headers" | "socket">, trusted: ProxyTrust): Client {
  const peer = plainAddress(request.socket.remoteAddress ?? "")
  const encrypted = "encrypted" in request.socket && request.socket.encrypted === true
  if (!trusted(peer)) return { address: peer, https: encrypted, host: request.headers.host, viaProxy: false }
  const protocol = lastOf(request.headers["x-forwarded-proto"])
  return {
    address: forwardedAddress(request.headers["x-forwarded-for"], peer, trusted),
    https: protocol === undefined ? encrypted : protocol === "https",
    host: lastOf(request.headers["x-forwarded-host"]) ?? request.headers.host,
    viaProxy: true,
  }
}

/** Each proxy appends whom it saw, so that from the right the first that is not believed is the client. */
function forwardedAddress(header: string | readonly string[] | undefined, peer: string, trusted: ProxyTrust): string {
  const seen = partsOf(header).map(withoutPort).reverse()
  let address = peer
  for (const next of seen) {
    if (isIP(next) === 0) return address
    address = next
    if (!trusted(next)) return address
  }
  return address
}

function partsOf(header: string | readonly string[] | undefined): string[] {
  const text = typeof header === "string" ? header : (header ?? []).join(",")
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
}

function lastOf(header: string | readonly string[] | undefined): string | undefined {
  return partsOf(header).at(-1)
}

function withoutPort(text: string): string {
  if (text.startsWith("[")) return plainAddress(text.slice(1, text.indexOf("]")))
  const colon = text.indexOf(":")
  return plainAddress(colon !== -1 && colon === text.lastIndexOf(":") ? text.slice(0, colon) : text)
}

function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  return mapped?.[1] ?? address
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address)
  return version === 4 ? "ipv4" : version === 6 ? "ipv6" : undefined
}
