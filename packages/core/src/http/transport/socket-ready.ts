import type { Socket } from "node:net"
import { type PeerCertificate, TLSSocket } from "node:tls"
import { TransferError } from "../../errors/transfer-error.ts"
import { connectionError } from "./connection-error.ts"
import { tlsError } from "./tls-error.ts"

export interface ReadyOptions {
  readonly host: string
  /** Wait for the TLS handshake too. */
  readonly secure: boolean
  /** For the connection alone, without the handshake. */
  readonly timeoutMs?: number | undefined
  readonly signal: AbortSignal
}

/**
 * Waits until a socket is connected, and its TLS handshake done; destroys it when that fails.
 * @throws TransferError `network`, `tls`, or the signal's reason.
 */
export function socketReady(socket: Socket, { host, secure, timeoutMs, signal }: ReadyOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const certificate = peerCertificate(socket)
    const settle = (error?: unknown) => {
      clearTimeout(timer)
      signal.removeEventListener("abort", aborted)
      socket.off("error", failed).off("close", closed).off("connect", connected).off("secureConnect", secured)
      if (error === undefined) {
        resolve()
      } else {
        socket.destroy()
        reject(error)
      }
    }
    const aborted = () => settle(signal.reason)
    const secured = () => settle()
    const connected = () => (secure ? clearTimeout(timer) : settle())
    const failed = (error: Error) => settle(secure ? tlsError(error, host, certificate()) : connectionError(error, host))
    const closed = () => settle(new TransferError("network", `connection closed by ${host}`, { host }))
    const late = () => settle(new TransferError("network", `connection to ${host} timed out`, { host }))
    const timer = timeoutMs === undefined ? undefined : setTimeout(late, timeoutMs)
    signal.addEventListener("abort", aborted, { once: true })
    // Stays: an error between two owners of the socket must not end the process.
    socket.on("error", () => undefined)
    socket.on("error", failed).on("close", closed).on("connect", connected).on("secureConnect", secured)
    if (signal.aborted) aborted()
  })
}

/** The certificate that the handshake showed: read before Node destroys the socket over it. */
function peerCertificate(socket: Socket): () => PeerCertificate | undefined {
  let certificate: PeerCertificate | undefined
  if (socket instanceof TLSSocket) {
    socket.prependOnceListener("secure", () => {
      certificate = socket.getPeerCertificate()
    })
  }
  return () => certificate
}
