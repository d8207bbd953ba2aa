/** What is wrong with a request before anybody looks at what it asks. */
export const requestErrorCodes = [
  "method_not_allowed", // the path has no such method
  "unsupported_media_type", // a body that is not application/json
  "body_too_large", // over the cap
  "foreign_origin", // another site's page asks, or nothing shows that it is ours
] as const

/** One of those. */
export type RequestErrorCode = (typeof requestErrorCodes)[number]

/** A request that is refused for its form. The words for each code stand in api/error-table.ts. */
export class RequestError extends Error {
  override readonly name = "RequestError"
  readonly code: RequestErrorCode
  /** Methods that the path has, for the Allow header. */
  readonly allow: readonly string[] | undefined

  constructor(code: RequestErrorCode, message: string, details: { readonly allow?: readonly string[] } = {}) {
    super(message)
    this.code = code
    this.allow = details.allow
  }
}
