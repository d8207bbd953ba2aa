import { TransferError } from "../../errors/transfer-error.ts"

/** Codes of connections that were never opened: no byte of the request can have reached the server. */
const neverOpened = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "EHOSTDOWN",
])

/** As the cause of an error: the request itself was not sent, because something that has to come first failed (its token, its turn). */
export class NotSent extends Error {
  override readonly name = "NotSent"
}

/** The same error, marked: the request that it belongs to was not sent. */
export function notSent(error: TransferError, why: string): TransferError {
  const { code, message, side, host, hint, status, retryAfterMs, attempts } = error
  const cause = new NotSent(why, { cause: error })
  return new TransferError(code, message, { side, host, hint, status, retryAfterMs, attempts, cause })
}

/** The chain from an error down to its first cause. */
function* causes(error: unknown): Generator<Error> {
  for (let depth = 0; error instanceof Error && depth < 8; depth++, error = error.cause) yield error
}

/** The first operating system or parser code (`ECONNRESET`, `HPE_LF_EXPECTED`) down the chain of causes. */
export function systemCode(error: unknown): string | undefined {
  for (const cause of causes(error)) {
    const code = "code" in cause ? cause.code : undefined
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code)) return code
  }
  return undefined
}

/** True when no connection came about (refused, unresolvable, unreachable). */
export function connectionNeverOpened(error: unknown): boolean {
  const code = systemCode(error)
  return code !== undefined && neverOpened.has(code)
}

/** True when the server cannot have seen anything of the request: even a POST may be sent again. */
export function requestNeverSent(error: unknown): boolean {
  for (const cause of causes(error)) if (cause instanceof NotSent) return true
  return connectionNeverOpened(error)
}
