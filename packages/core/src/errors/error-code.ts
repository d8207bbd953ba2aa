/**
 * Stable codes of everything that can go wrong. A code says what happened; the side (source, target, local) says where.
 * What a code means on a surface (sentence, exit code, HTTP status) is an exhaustive table keyed by this union.
 */
export const errorCodes = [
  "reference_invalid", // an image name that the grammar refuses
  "usage", // options that contradict each other or cannot be understood
  "naming_collision", // two sources of one batch would become the same target
  "network", // refused, reset, unresolvable, stalled: worth a retry later
  "tls", // certificate unknown, expired, or for another name
  "address_blocked", // a server's answer led to an address that we never dial
  "unauthorized", // credentials missing or refused
  "forbidden", // credentials accepted, right missing
  "not_found", // no such repository, tag, manifest or blob
  "rate_limited", // 429 and its relatives; retryAfterMs says how long
  "server_error", // 5xx after all retries
  "protocol", // an answer that the specification does not allow
  "digest_mismatch", // bytes that are not what their digest says
  "too_large", // a body over its cap
  "rejected", // the target refused the content (4xx with a registry error code)
  "unsupported", // asked of a place that cannot do it
  "archive_invalid", // a tar, layout or cache that is damaged or hostile
  "local_io", // disk full, permission, missing file
  "docker_unavailable", // the Docker daemon is dead, or failed on its side
  "cancelled", // stopped on request: an outcome, not a failure
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** Whose side an error is on. */
export type Side = "source" | "target" | "local"
