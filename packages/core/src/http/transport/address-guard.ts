import { TransferError } from "../../errors/transfer-error.ts"
import { addressBytes, type Cidr, inCidr, parseCidr } from "./ip-address.ts"

/** What kind of place an address is. `private` and `loopback` may be dialled when a person named them, the last ones never. */
export type AddressKind =
  | "public"
  | "private"
  | "loopback"
  | "link-local"
  | "unspecified"
  | "multicast"
  | "broadcast"
  | "metadata"
  | "invalid"

/** The first range that holds an address decides. */
const ranges = [
  ["metadata", "169.254.169.254 100.100.100.200 fd00:ec2::254"],
  ["link-local", "169.254.0.0/16 fe80::/10"],
  ["unspecified", "0.0.0.0/8 ::/128"],
  ["broadcast", "255.255.255.255"],
  ["multicast", "224.0.0.0/4 ff00::/8"],
  ["loopback", "127.0.0.0/8 ::1"],
  // RFC 1918, carrier-grade NAT, IANA's special-purpose registries; class E; unique local and the former site-local addresses.
  ["private", "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7 fec0::/10"],
  [
    "private",
    "192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 100::/64 2001::/23 2001:db8::/32",
  ],
] as const

/** Where IPv6 ranges carry an IPv4 address, from which byte on: mapped, translated, compatible, NAT64 (RFC 6052 and RFC 8215); 6to4. */
const embeddings = [
  [12, "::ffff:0:0/96 ::ffff:0:0:0/96 ::/96 64:ff9b::/96 64:ff9b:1::/48"],
  [2, "2002::/16"],
] as const

/** Parsed ranges, by their list: not before the first address is looked at. */
const parsed = new Map<string, readonly Cidr[]>()

function holds(list: string, bytes: readonly number[]): boolean {
  let cidrs = parsed.get(list)
  if (cidrs === undefined) {
    cidrs = list.split(" ").flatMap((text) => parseCidr(text) ?? [])
    parsed.set(list, cidrs)
  }
  return cidrs.some((range) => inCidr(bytes, range))
}

/** The kind of an address literal; an IPv6 address that carries an IPv4 one is what that is. */
export function addressKind(address: string): AddressKind {
  const bytes = addressBytes(address)
  if (!bytes) return "invalid"
  const own = ranges.find(([, list]) => holds(list, bytes))
  if (own) return own[0]
  const embedding = embeddings.find(([, list]) => holds(list, bytes))
  return embedding ? addressKind(bytes.slice(embedding[0], embedding[0] + 4).join(".")) : "public"
}

/**
 * Refuses an address that must not be dialled (RELIABILITY S3). `named` tells that a person named this very host and port: then
 * loopback and private networks are fine.
 * @throws TransferError `address_blocked`.
 */
export function checkAddress(address: string, { host, named }: { host: string; named: boolean }): void {
  const kind = addressKind(address)
  if (kind === "public" || (named && (kind === "private" || kind === "loopback"))) return
  const where = host.includes(address) ? "" : ` (${address})`
  throw new TransferError(
    "address_blocked",
    `${host}${where} is a ${kind} address, which is never dialled${named ? "" : " on a server's word"}`,
    { host },
  )
}

/** The same for a name whose address only a proxy will know: literals and the names of this machine are recognised. */
export function checkHostname(hostname: string, about: { host: string; named: boolean }): void {
  if (isLocalhost(hostname)) checkAddress("127.0.0.1", about)
  else if (addressBytes(hostname)) checkAddress(hostname, about)
}

/** `localhost` and the names below it (RFC 6761, section 6.3). */
export function isLocalhost(hostname: string): boolean {
  return /^(?:.*\.)?localhost\.?$/i.test(hostname)
}
