/** The specification's codes (distribution-spec, "Error Codes"), and those that distribution and Docker know beside them. */
const registryErrorStatus = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  SIZE_INVALID: 400,
  TAG_INVALID: 400,
  UNAUTHORIZED: 401,
  DENIED: 403,
  UNSUPPORTED: 405,
  TOOMANYREQUESTS: 429,
  RANGE_INVALID: 416,
  PAGINATION_NUMBER_INVALID: 400,
  UPSTREAM_FAILED: 502,
  UNAVAILABLE: 503,
  UPSTREAM_TIMEOUT: 504,
  UNKNOWN: 500,
} as const

export type RegistryErrorCode = keyof typeof registryErrorStatus

export interface RegistryErrorDetails {
  /** Where it is not the code's usual one: 413 for SIZE_INVALID, 404 for UNSUPPORTED. */
  readonly status?: number
  /** Goes out as `detail`: plain data without secrets. */
  readonly detail?: unknown
  /** `Retry-After` in seconds. */
  readonly retryAfterS?: number
  /** `WWW-Authenticate`. */
  readonly challenge?: string
  readonly cause?: unknown
}

/** An answer of the registry that is an error: `{"errors":[{code, message, detail}]}`. */
export class RegistryError extends Error {
  override readonly name = "RegistryError"
  readonly code: RegistryErrorCode
  readonly status: number
  readonly detail: unknown
  readonly retryAfterS: number | undefined
  readonly challenge: string | undefined

  constructor(code: RegistryErrorCode, message: string, details: RegistryErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.code = code
    this.status = details.status ?? registryErrorStatus[code]
    this.detail = details.detail
    this.retryAfterS = details.retryAfterS
    this.challenge = details.challenge
  }
}
