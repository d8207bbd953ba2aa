import { lookup as dnsLookup } from "node:dns/promises"
import net from "node:net"
import tls from "node:tls"
import { TransferError } from "../../errors/transfer-error.ts"
import { connectionError, nodeCode } from "./connection-error.ts"
import { SlabReader } from "./slab-reader.ts"
import { tlsError } from "./tls-error.ts"

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

/** Resolves a name to all its addresses. */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>

export interface DialTarget {
  /** Without brackets. */
  readonly hostname: string
  readonly port: number
  /** How the host is called in errors. */
  readonly host: string
  /** Present for TLS. */
  readonly tls?: tls.ConnectionOptions | undefined
  /** Refuses addresses that must not be dialled by throwing. */
  guard(address: string): void
}

export interface DialOptions {
  readonly lookup?: Lookup | undefined
  /** For everything together: resolving, all addresses, the TLS handshake. */
  readonly connectTimeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface Dialled {
  readonly socket: net.Socket
  readonly reader: SlabReader | undefined
}

/** How long one address may take while there are others to try. */
const addressTimeoutMs = 3000

const systemLookup: Lookup = (hostname) => dnsLookup(hostname, { all: true })

/**
 * Opens a connection to one of the addresses that the name has now: each is checked, the socket is given the address itself, so a
 * second answer of the DNS cannot lead elsewhere (RELIABILITY S3). Addresses are tried in order.
 * @throws TransferError `network`, `tls`, `address_blocked`, `cancelled`.
 */
export async function dial(target: DialTarget, options: DialOptions): Promise<Dialled> {
  const deadline = AbortSignal.timeout(options.connectTimeoutMs)
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  try {
    const addresses = await resolve(target, options.lookup ?? systemLookup, signal)
    for (const address of addresses) target.guard(address)
    let failure: unknown
    for (const [index, address] of addresses.entries()) {
      try {
        return await open(address, target, index < addresses.length - 1 ? addressTimeoutMs : undefined, signal)
      } catch (error) {
        if (signal.aborted || !(error instanceof TransferError && error.code === "network")) throw error
        failure = error
      }
    }
    throw failure
  } catch (error) {
    const { host } = target
    if (options.signal?.aborted) throw new TransferError("cancelled", "cancelled", { host, cause: options.signal.reason })
    if (deadline.aborted)
      throw new TransferError("network", `no connection to ${host} within ${options.connectTimeoutMs / 1000} s`, { host })
    throw error
  }
}

async function resolve({ hostname, host }: DialTarget, lookup: Lookup, signal: AbortSignal): Promise<string[]> {
  if (net.isIP(hostname)) return [hostname]
  try {
    const found = await Promise.race([lookup(hostname), rejection(signal)])
    if (found.length > 0) return found.map(({ address }) => address)
  } catch (cause) {
    const again = nodeCode(cause) === "EAI_AGAIN" ? " at the moment" : ""
    throw new TransferError("network", `cannot resolve "${hostname}"${again}`, { host, cause })
  }
  throw new TransferError("network", `cannot resolve "${hostname}"`, { host })
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
}

function open(address: string, target: DialTarget, timeoutMs: number | undefined, signal: AbortSignal): Promise<Dialled> {
  const reader = new SlabReader()
  const where = { host: address, port: target.port, onread: reader.onread }
  // The types forget that tls.connect, too, takes `onread`.
  const socket = target.tls ? tls.connect({ ...target.tls, ...where } as tls.ConnectionOptions) : net.connect(where)
  return ready(socket, target, { timeoutMs, signal }).then(() => ({ socket, reader }))
}

/** Waits until the socket is connected (and its TLS handshake done); destroys it when that fails. */
export function ready(
  socket: net.Socket,
  { host, tls: secure }: Pick<DialTarget, "host" | "tls">,
  { timeoutMs, signal }: { timeoutMs?: number | undefined; signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const certificate = peerCertificate(socket)
    const settle = (error?: unknown) => {
      clearTimeout(timer)
      signal.removeEventListener("abort", aborted)
      socket.off("error", failed).off("close", closed).off("connect", connected).off("secureConnect", settled)
      if (error === undefined) return resolve()
      socket.on("error", () => undefined).destroy()
      reject(error)
    }
    const settled = () => settle()
    const aborted = () => settle(signal.reason)
    const failed = (error: Error) => settle(secure ? tlsError(error, host, certificate()) : connectionError(error, host))
    const closed = () => settle(new TransferError("network", `connection closed by ${host}`, { host }))
    const connected = () => {
      clearTimeout(timer)
      if (!secure) settle()
    }
    const late = () => settle(new TransferError("network", `connection to ${host} timed out`, { host }))
    const timer = timeoutMs === undefined ? undefined : setTimeout(late, timeoutMs)
    signal.addEventListener("abort", aborted, { once: true })
    socket.on("error", failed).on("close", closed).on("connect", connected).on("secureConnect", settled)
    if (signal.aborted) aborted()
  })
}

/** The certificate that the handshake showed; it must be read before Node destroys the socket over it. */
function peerCertificate(socket: net.Socket): () => tls.PeerCertificate | undefined {
  let certificate: tls.PeerCertificate | undefined
  if (socket instanceof tls.TLSSocket) socket.prependListener("secure", () => (certificate = socket.getPeerCertificate()))
  return () => certificate
}
