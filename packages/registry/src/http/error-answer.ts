import { type ErrorCode, isTransferError, type TransferError } from "@entrepot/core"
import { isTimeout } from "../proxy/upstream-failure.ts"
import { RegistryError, type RegistryErrorCode } from "../registry-error.ts"

/**
 * What goes out when content could not be had. A failure of an upstream is never 404 (RELIABILITY fault 41): clients take that for the truth and stop
 * asking. That it refuses a login of ours is our trouble, and no reason for the client to log in.
 */
const codes = {
  reference_invalid: "NAME_INVALID",
  usage: "UNKNOWN",
  naming_collision: "UNKNOWN",
  network: "UPSTREAM_FAILED",
  tls: "UPSTREAM_FAILED",
  address_blocked: "UPSTREAM_FAILED",
  unauthorized: "UPSTREAM_FAILED",
  forbidden: "UPSTREAM_FAILED",
  not_found: "NAME_UNKNOWN",
  rate_limited: "TOOMANYREQUESTS",
  server_error: "UPSTREAM_FAILED",
  protocol: "UPSTREAM_FAILED",
  digest_mismatch: "UPSTREAM_FAILED",
  too_large: "UPSTREAM_FAILED",
  rejected: "UPSTREAM_FAILED",
  unsupported: "UPSTREAM_FAILED",
  archive_invalid: "UNKNOWN",
  local_io: "UNAVAILABLE",
  docker_unavailable: "UNKNOWN",
  cancelled: "UNAVAILABLE",
} as const satisfies Record<ErrorCode, RegistryErrorCode>

/** As an error of the registry; undefined for what is a mistake of ours. */
export function registryErrorOf(error: unknown): RegistryError | undefined {
  if (error instanceof RegistryError) return error
  if (!isTransferError(error)) return undefined
  const code = isTimeout(error) ? "UPSTREAM_TIMEOUT" : codes[error.code]
  if (code === "UNKNOWN") return undefined
  return new RegistryError(code, sentenceOf(error, code), {
    ...(error.host === undefined || code === "UNAVAILABLE" ? {} : { detail: { upstream: error.host } }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterS: Math.max(1, Math.ceil(error.retryAfterMs / 1000)) }),
    cause: error,
  })
}

/** Messages of our own disk name paths, which are nobody's business. */
function sentenceOf(error: TransferError, code: RegistryErrorCode): string {
  return code === "UNAVAILABLE" ? "the registry cannot answer now; try again" : error.message
}
