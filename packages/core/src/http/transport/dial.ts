import { lookup as dnsLookup } from "node:dns/promises"
import net from "node:net"
import tls from "node:tls"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import { nodeCode } from "./connection-error.ts"
import { aborted } from "./deadline.ts"
import { SlabReader } from "./slab-reader.ts"
import { socketReady } from "./socket-ready.ts"

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

/** Resolves a name to all its addresses. */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>

/** Where to connect to. */
export interface DialTarget {
  /** A name or an address without brackets. */
  readonly hostname: string
  readonly port: number
  /** How the host is called in errors. */
  readonly host: string
  /** Present for TLS. */
  readonly tls?: tls.ConnectionOptions | undefined
  /** Throws for an address that must not be dialled. */
  guard(address: string): void
}

export interface DialOptions {
  readonly lookup?: Lookup | undefined
  readonly signal: AbortSignal
  /** False keeps Node's own reading, for a socket that something else reads first. Default true. */
  readonly slabs?: boolean
}

export interface Dialled {
  readonly socket: net.Socket
  readonly reader: SlabReader | undefined
}

/** How long one address may take while there are others to try. */
const addressTimeoutMs = 3000

const systemLookup: Lookup = (hostname) => dnsLookup(hostname, { all: true })

/**
 * Opens a connection to one of the addresses that the name has now. All of them are checked, and the socket is given the address
 * itself, so that a second answer of the DNS cannot lead elsewhere (RELIABILITY S3). Addresses are tried in order.
 * @throws TransferError `network`, `tls`, `address_blocked`, or the signal's reason.
 */
export async function dial(target: DialTarget, options: DialOptions): Promise<Dialled> {
  const addresses = await resolve(target, options)
  let failure: unknown
  for (const [index, address] of addresses.entries()) {
    try {
      return await connect(address, target, index < addresses.length - 1 ? addressTimeoutMs : undefined, options)
    } catch (error) {
      if (options.signal.aborted || !isTransferError(error, "network")) throw error
      failure = error
    }
  }
  throw failure
}

/**
 * The addresses of the target, every one checked by its guard.
 * @throws TransferError `network` when there are none, `address_blocked` when one of them must not be dialled.
 */
export async function resolve(target: DialTarget, { lookup = systemLookup, signal }: DialOptions): Promise<readonly string[]> {
  const { hostname, host } = target
  const literal = net.isIP(hostname) > 0
  const found = literal ? [{ address: hostname }] : await Promise.race([ask(lookup, hostname, host), aborted(signal)])
  if (found.length === 0) throw new TransferError("network", `cannot resolve "${hostname}": it has no address`, { host })
  for (const { address } of found) target.guard(address)
  return found.map(({ address }) => address)
}

async function ask(lookup: Lookup, hostname: string, host: string): Promise<readonly ResolvedAddress[]> {
  try {
    return await lookup(hostname)
  } catch (cause) {
    const again = nodeCode(cause) === "EAI_AGAIN" ? ": the name server does not answer" : ""
    throw new TransferError("network", `cannot resolve "${hostname}"${again}`, { host, cause })
  }
}

async function connect(
  address: string,
  target: DialTarget,
  timeoutMs: number | undefined,
  options: DialOptions,
): Promise<Dialled> {
  const reader = options.slabs === false ? undefined : new SlabReader()
  const where = { host: address, port: target.port, ...(reader ? { onread: reader.onread } : {}) }
  // The types forget that tls.connect, too, takes `onread`.
  const socket = target.tls ? tls.connect({ ...target.tls, ...where } as tls.ConnectionOptions) : net.connect(where)
  await socketReady(socket, { host: target.host, secure: target.tls !== undefined, timeoutMs, signal: options.signal })
  return { socket, reader }
}
