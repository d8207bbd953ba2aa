import { isTransferError, type TransferError } from "@entrepot/core"
import { RegistryError, type RegistryErrorDetails } from "../registry-error.ts"
import type { TurnedAway } from "./turned-away.ts"

/** As the cause of an error: nothing came within the time that a client can be kept waiting. */
export class TimedOut extends Error {
  override readonly name = "TimedOut"
  readonly code = "ETIMEDOUT"
}

/** Whether a failure took all the time there was: such an upstream must not cost the next one who asks as much. */
export function isTimeout(error: unknown): boolean {
  for (let depth = 0; error instanceof Error && depth < 8; depth++, error = error.cause) {
    if ("code" in error && error.code === "ETIMEDOUT") return true
    // How the transport says it: within its connect timeout, and while it waits for a byte.
    if (isTransferError(error, "network") && /\bwithin [\d.]+ s$|\bfor [\d.]+ s$/.test(error.message)) return true
  }
  return false
}

/** Whether a failure says something of the upstream as a whole; what is wrong with one image does not. */
export function isOutage({ code, status }: TransferError): boolean {
  return (
    code === "network" || code === "tls" || (code === "server_error" && status !== undefined && status >= 502 && status <= 504)
  )
}

/** Whether an upstream that works says so too: there is none, or it wants another login. */
export function isAnswer({ code }: TransferError): boolean {
  return code === "not_found" || code === "unauthorized" || code === "forbidden"
}

/** After which a client may ask again where an upstream limits us and does not say for how long. */
const unnamedPauseMs = 60_000

/** No upstream could say whether there is what was asked for. Something old may be served instead. */
export class UpstreamFailure extends RegistryError {
  /** `host[:port]` of the upstream in trouble. */
  readonly upstream: string | undefined
  /** The first upstream has answered, and wants a login: it is another one that is in trouble. */
  readonly turnedAway: TurnedAway | undefined

  constructor(
    code: "TOOMANYREQUESTS" | "UPSTREAM_FAILED" | "UPSTREAM_TIMEOUT",
    message: string,
    details: RegistryErrorDetails & { readonly cause: TransferError; readonly turnedAway?: TurnedAway | undefined },
  ) {
    super(code, message, details)
    this.upstream = details.cause.host
    this.turnedAway = details.turnedAway
  }
}

/**
 * What a failure of an upstream means to a client that has nothing else to be served (faults 24 and 41): 429 where the upstream limits us, 504 where it
 * does not answer, 502 for everything else. Never 404, and never 401 or 403: a login of ours that is refused is our trouble.
 */
export function upstreamFailure(error: TransferError, turnedAway?: TurnedAway): UpstreamFailure {
  const host = error.host ?? "the upstream"
  const { retryAfterMs = error.code === "rate_limited" ? unnamedPauseMs : undefined } = error
  const details = {
    cause: error,
    turnedAway,
    ...(retryAfterMs === undefined ? {} : { retryAfterS: Math.max(1, Math.ceil(retryAfterMs / 1000)) }),
  }
  if (error.code === "rate_limited") {
    return new UpstreamFailure("TOOMANYREQUESTS", `${host} limits what we may ask of it, and this is not here yet`, details)
  }
  if (error.code === "unauthorized" || error.code === "forbidden") {
    return new UpstreamFailure("UPSTREAM_FAILED", `${host} refuses the login that is configured for it`, details)
  }
  if (isTimeout(error))
    return new UpstreamFailure("UPSTREAM_TIMEOUT", `${host} does not answer, and this is not here yet`, details)
  const isContent = ["protocol", "unsupported", "digest_mismatch", "too_large"].includes(error.code)
  const message = isContent ? inOwnWords(error) : `${host} cannot be asked, and this is not here yet`
  return new UpstreamFailure("UPSTREAM_FAILED", message, details)
}

/**
 * What went wrong, without a word of what the upstream sent: an answer that is no success may be an error page of something that is nobody's business
 * (RELIABILITY S3).
 */
export function inOwnWords({ message, host, status }: TransferError): string {
  const isSuccess = status === undefined || status === 200 || status === 206
  return isSuccess ? message : `${host ?? "the upstream"} answered ${status}`
}
