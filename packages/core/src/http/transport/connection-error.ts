import { TransferError } from "../../errors/transfer-error.ts"

const sentences: Readonly<Record<string, (host: string) => string>> = {
  ECONNREFUSED: (host) => `connection refused by ${host}`,
  ECONNRESET: (host) => `connection reset by ${host}`,
  EPIPE: (host) => `connection closed by ${host} while sending`,
  ETIMEDOUT: (host) => `connection to ${host} timed out`,
  EHOSTUNREACH: (host) => `no route to ${host}`,
  ENETUNREACH: (host) => `no network route to ${host}`,
  ENETDOWN: (host) => `the network is down on the way to ${host}`,
  EADDRNOTAVAIL: (host) => `no local address or port left to reach ${host}`,
}

/** The `code` of a Node error, or undefined. */
export function nodeCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
}

/** Says what a socket's error means: `network`, with the host and what happened. A TransferError passes unchanged. */
export function connectionError(error: unknown, host: string): TransferError {
  if (error instanceof TransferError) return error
  const code = nodeCode(error)
  const text =
    (code === undefined ? undefined : sentences[code]?.(host)) ?? `connection to ${host} failed (${code ?? String(error)})`
  return new TransferError("network", text, { host, cause: error })
}
