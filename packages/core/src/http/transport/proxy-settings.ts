import { TransferError } from "../../errors/transfer-error.ts"
import { addressKind, isLocalhost } from "./address-guard.ts"
import { addressBytes, inCidr, parseCidr } from "./ip-address.ts"

export interface ProxySettings {
  /** For http: targets. */
  readonly http?: URL | undefined
  /** For https: targets. */
  readonly https?: URL | undefined
  /** Hosts that are reached directly, each as NO_PROXY writes one. */
  readonly noProxy?: readonly string[]
  /** Targets on this machine go through the proxy too. Default false. */
  readonly loopback?: boolean
}

const schemes = new Set(["http:", "https:", "socks:", "socks4:", "socks4a:", "socks5:", "socks5h:"])

/**
 * Reads HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY; where both cases are set, the lower case counts, as in curl.
 * @throws TransferError `usage` for a proxy that cannot be understood.
 */
export function proxySettings(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const read = (name: string) => env[name.toLowerCase()] || env[name] || undefined
  const proxy = (name: string) => {
    const value = read(name)
    return value === undefined ? undefined : parseProxy(value, name)
  }
  const all = proxy("ALL_PROXY")
  return {
    http: proxy("HTTP_PROXY") ?? all,
    https: proxy("HTTPS_PROXY") ?? all,
    noProxy: (read("NO_PROXY") ?? "").split(/[\s,]+/).filter((entry) => entry !== ""),
  }
}

/** The value may hold a password, so errors do not quote it. */
function parseProxy(value: string, name: string): URL {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && schemes.has(url.protocol) && url.hostname !== "" && isDecodable(url.username + url.password)) return url
  const hint = "write it as http://host:port, https://host:port or socks5h://host:port"
  throw new TransferError("usage", `the value of ${name} is not a proxy address`, { hint })
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** The proxy that requests to `url` go through, or undefined for a direct connection. */
export function proxyFor(url: URL, settings: ProxySettings): URL | undefined {
  const proxy = url.protocol === "https:" ? settings.https : settings.http
  if (!proxy) return undefined
  const hostname = url.hostname.replace(/^\[|\]$/g, "")
  if (!settings.loopback && (isLocalhost(hostname) || addressKind(hostname) === "loopback")) return undefined
  const port = url.port || (url.protocol === "https:" ? "443" : "80")
  return settings.noProxy?.some((entry) => excepts(entry, hostname, port)) ? undefined : proxy
}

/** One entry of NO_PROXY: `*`, `host` (with its subdomains, with or without a leading dot), an address, a CIDR range; any with `:port`. */
function excepts(entry: string, hostname: string, port: string): boolean {
  if (entry === "*") return true
  const range = parseCidr(entry)
  const bytes = addressBytes(hostname)
  if (range) return bytes !== undefined && inCidr(bytes, range)
  const parts = /^(.*?)(?::([0-9]+))?$/.exec(entry)
  if (parts?.[2] !== undefined && parts[2] !== port) return false
  const literal = (parts?.[1] ?? "").replace(/^\[|\]$/g, "")
  const address = parseCidr(literal)
  if (address) return bytes !== undefined && inCidr(bytes, address)
  const name = literal.toLowerCase().replace(/^\*?\./, "")
  const asked = hostname.toLowerCase().replace(/\.$/, "")
  return name !== "" && (asked === name || asked.endsWith(`.${name}`))
}
