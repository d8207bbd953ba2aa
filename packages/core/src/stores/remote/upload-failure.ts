import type { ErrorCode } from "../../errors/error-code.ts"
import { isTransferError } from "../../errors/transfer-error.ts"

const brokenCodes = new Set<ErrorCode>(["network", "server_error", "rate_limited"])
const unansweredCodes = new Set<ErrorCode>(["network", "unauthorized", "forbidden", "rate_limited"])

/** What a registry calls an upload that it does not know (any more), or whose bytes went wrong on the way. */
const lostCodes = new Set(["BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID", "DIGEST_INVALID", "SIZE_INVALID"])

/** The connection or the server broke, not the request. After 416, bytes out of order, the registry's own count holds. */
export function isBroken(error: unknown): boolean {
  return isTransferError(error) && (brokenCodes.has(error.code) || error.status === 416)
}

/** The registry has no such upload to go on with. */
export function isLost(error: unknown): boolean {
  if (!isTransferError(error)) return false
  return error.status === 404 || (error.registryCode !== undefined && lostCodes.has(error.registryCode))
}

/** The registry could not be reached, or lets us in no more: about the upload it has said nothing. */
export function isUnanswered(error: unknown): boolean {
  return isTransferError(error) && unansweredCodes.has(error.code)
}
