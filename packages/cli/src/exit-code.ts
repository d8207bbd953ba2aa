import type { ErrorCode } from "@entrepot/core"

/** Exit codes of the executable; README and `entrepot --help` show the same table. */
export const exitCodes = {
  ok: 0,
  /** Some of several images failed, or something failed that no other code names. */
  failed: 1,
  usage: 2,
  access: 3,
  network: 4,
  notFound: 5,
  rateLimited: 6,
  server: 7,
  content: 8,
  local: 9,
  docker: 10,
  cancelled: 130,
} as const

/** One of those. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const byErrorCode = {
  reference_invalid: exitCodes.usage,
  usage: exitCodes.usage,
  naming_collision: exitCodes.usage,
  unsupported: exitCodes.usage,
  unauthorized: exitCodes.access,
  forbidden: exitCodes.access,
  network: exitCodes.network,
  tls: exitCodes.network,
  address_blocked: exitCodes.network,
  not_found: exitCodes.notFound,
  rate_limited: exitCodes.rateLimited,
  server_error: exitCodes.server,
  protocol: exitCodes.server,
  rejected: exitCodes.server,
  digest_mismatch: exitCodes.content,
  too_large: exitCodes.content,
  archive_invalid: exitCodes.content,
  local_io: exitCodes.local,
  docker_unavailable: exitCodes.docker,
  cancelled: exitCodes.cancelled,
} as const satisfies Record<ErrorCode, ExitCode>

/** The exit code for an error's code. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return byErrorCode[code]
}

/** One code for several images: theirs where all agree, 130 where any was cancelled, else 1. */
export function combineExitCodes(codes: readonly ExitCode[]): ExitCode {
  if (codes.includes(exitCodes.cancelled)) return exitCodes.cancelled
  const [first = exitCodes.ok] = codes
  return codes.every((code) => code === first) ? first : exitCodes.failed
}
