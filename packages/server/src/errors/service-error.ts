/** Why the application says no. HTTP status, tRPC code and the sentence for each stand in one table (api/error-table.ts). */
export const serviceErrorCodes = [
  "invalid", // what was asked cannot be understood
  "unauthenticated", // nobody is logged in, or no longer
  "login_refused", // token, user name or password is wrong
  "token_change_required", // the session can do nothing but change its token
  "forbidden", // the role or the key's scopes do not permit it
  "not_found", // there is none, or it is somebody else's
  "conflict", // the thing is in another state than the request needs
  "too_many", // a limit of the server: logins, streams, queue
  "unavailable", // the server drains, or lacks what the request needs (a master key, a Docker daemon)
] as const

/** One of those. */
export type ServiceErrorCode = (typeof serviceErrorCodes)[number]

/** The application's own refusals; what transfers and registries refuse is core's TransferError. */
export class ServiceError extends Error {
  override readonly name = "ServiceError"
  readonly code: ServiceErrorCode
  /** Seconds after which asking again makes sense. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ServiceErrorCode,
    message: string,
    details: { readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.retryAfterSeconds = details.retryAfterSeconds
  }
}
