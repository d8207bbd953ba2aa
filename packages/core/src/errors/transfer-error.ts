import type { ErrorCode, Side } from "./error-code.ts"

export interface TransferErrorDetails {
  /** Where it happened; unknown deep inside HTTP, filled in by the store or the transfer on the way up. */
  readonly side?: Side | undefined
  /** Registry host (`host[:port]`), or a path for local places. */
  readonly host?: string | undefined
  /** What to do next, one sentence. */
  readonly hint?: string | undefined
  /** HTTP status, where one was received. */
  readonly status?: number | undefined
  /** The code in a registry's error body (distribution-spec, "Error Codes"): `MANIFEST_BLOB_UNKNOWN`. */
  readonly registryCode?: string | undefined
  /** How long to wait before asking again, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** Attempts made, the failed one included. */
  readonly attempts?: number | undefined
  readonly cause?: unknown
}

/** The one error class: what went wrong (`code`), on whose side, at which host, and what to do next. The message is redacted English. */
export class TransferError extends Error {
  override readonly name = "TransferError"
  readonly code: ErrorCode
  readonly side: Side | undefined
  readonly host: string | undefined
  readonly hint: string | undefined
  readonly status: number | undefined
  readonly registryCode: string | undefined
  readonly retryAfterMs: number | undefined
  readonly attempts: number | undefined

  constructor(code: ErrorCode, message: string, details: TransferErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.side = details.side
    this.host = details.host
    this.hint = details.hint
    this.status = details.status
    this.registryCode = details.registryCode
    this.retryAfterMs = details.retryAfterMs
    this.attempts = details.attempts
  }

  /** The same error with more said about it; what is already known is kept. */
  with(details: TransferErrorDetails): TransferError {
    return new TransferError(this.code, this.message, {
      side: this.side ?? details.side,
      host: this.host ?? details.host,
      hint: this.hint ?? details.hint,
      status: this.status ?? details.status,
      registryCode: this.registryCode ?? details.registryCode,
      retryAfterMs: this.retryAfterMs ?? details.retryAfterMs,
      attempts: this.attempts ?? details.attempts,
      cause: this.cause ?? details.cause,
    })
  }
}

/** True for a TransferError, of that code when one is given. */
export function isTransferError(error: unknown, code?: ErrorCode): error is TransferError {
  return error instanceof TransferError && (code === undefined || error.code === code)
}

/** True when `signal` was aborted or the error says so: an outcome, not a failure. */
export function isCancellation(error: unknown, signal?: AbortSignal): boolean {
  return (
    signal?.aborted === true || isTransferError(error, "cancelled") || (error instanceof Error && error.name === "AbortError")
  )
}

/** Codes after which the same request may succeed later. */
export function isRetryable(error: unknown): boolean {
  return isTransferError(error) && (error.code === "network" || error.code === "rate_limited" || error.code === "server_error")
}

/** True when a registry refused a manifest because a blob or child manifest it names is gone (RELIABILITY fault 22). */
export function isBlobUnknown(error: unknown): boolean {
  return isTransferError(error) && (error.registryCode === "MANIFEST_BLOB_UNKNOWN" || error.registryCode === "BLOB_UNKNOWN")
}
