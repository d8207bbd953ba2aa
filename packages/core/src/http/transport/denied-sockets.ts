import { networkInterfaces } from "node:os"
import { TransferError } from "../../errors/transfer-error.ts"
import { addressKind, isLocalhost } from "./address-guard.ts"
import { addressBytes } from "./ip-address.ts"

/**
 * Sockets that are never dialled, whoever named them: those that the process itself listens on, as `127.0.0.1:8080`, `[::]:8080` or
 * `mirror.example.com:443`. A function is asked with every connection, for ports that are known only once they listen.
 */
export type DeniedSockets = readonly string[] | (() => readonly string[])

/**
 * Refuses a socket of our own (RELIABILITY S3). An unspecified address stands for every address of this machine. A name in the list is met by
 * name alone; its addresses have to stand there themselves.
 * @param where an address, or a name whose address only a proxy will know
 * @throws TransferError `address_blocked`.
 */
export function checkDenied(where: string, port: number, { host, denied }: { host: string; denied: DeniedSockets }): void {
  const sockets = typeof denied === "function" ? denied() : denied
  if (!sockets.some((socket) => portOf(socket) === port && isSame(hostnameOf(socket), where))) return
  const shown = host.includes(where) ? "" : ` (${where})`
  throw new TransferError("address_blocked", `${host}${shown} is this server itself, which is never dialled`, { host })
}

function portOf(socket: string): number {
  return Number(socket.slice(socket.lastIndexOf(":") + 1))
}

function hostnameOf(socket: string): string {
  return socket.slice(0, socket.lastIndexOf(":")).replace(/^\[|\]$/g, "")
}

function isSame(listening: string, where: string): boolean {
  if (listening.toLowerCase() === where.toLowerCase().replace(/\.$/, "")) return true
  if (isLocalhost(listening)) return isLocalhost(where) || addressKind(where) === "loopback"
  if (addressKind(listening) === "unspecified") return isLocalhost(where) || isOfThisMachine(where)
  if (isLocalhost(where)) return addressKind(listening) === "loopback"
  const [own, other] = [plainBytes(listening), plainBytes(where)]
  return own !== undefined && own === other
}

function isOfThisMachine(address: string): boolean {
  if (addressKind(address) === "loopback") return true
  const bytes = plainBytes(address)
  const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? [])
  return bytes !== undefined && own.some((entry) => plainBytes(entry.address) === bytes)
}

/** To compare addresses by: an IPv4 address inside IPv6 (mapped) is that IPv4 address. Undefined for names. */
function plainBytes(address: string): string | undefined {
  const bytes = addressBytes(address)
  if (!bytes) return undefined
  const mapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  return (mapped ? bytes.slice(12) : bytes).join(".")
}
