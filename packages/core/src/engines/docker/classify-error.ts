import type { ErrorCode, Side } from "../../errors/error-code.ts"
import { redact } from "../../errors/redact.ts"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"

/** What the daemon was doing for us when it failed. */
export interface DaemonTask {
  /** Where a registry's failure belongs; `local` for what the daemon does alone. */
  readonly side: Side
  /** Registry host, or the daemon's address. */
  readonly host: string
}

const maxMessage = 2000

/** The daemon passes on sentences of registries and of Go's libraries, mostly as HTTP 500 or inside a 200 stream: the words decide. First match wins. */
const words: readonly (readonly [RegExp, ErrorCode])[] = [
  [/no space left on device|disk quota exceeded|read-only file system/i, "local_io"],
  [/toomanyrequests|too many requests|rate limit/i, "rate_limited"],
  [
    /filesystem layer verification failed|digest mismatch|failed to verify|does not match digest|unexpected digest/i,
    "digest_mismatch",
  ],
  [/gzip: |archive\/tar|error processing tar|unexpected layer|unsupported media type/i, "archive_invalid"],
  [/TLS handshake timeout/i, "network"],
  [/x509:|certificate|HTTP response to HTTPS client|tls: /i, "tls"],
  [
    /no basic auth credentials|authentication required|unauthorized|incorrect username or password|bad username|status(?: code)?:? 401/i,
    "unauthorized",
  ],
  [
    /does not exist or may require|manifest unknown|name unknown|not ?found|does not exist|no such image|no such manifest|no matching manifest/i,
    "not_found",
  ],
  [/denied|forbidden|status(?: code)?:? 403/i, "forbidden"],
  [
    /connection (?:refused|reset)|no such host|i\/o timeout|timeout exceeded|Client\.Timeout|deadline exceeded|network is unreachable|no route to host|broken pipe|server misbehaving|request canceled|connection closed|\bEOF\b|proxyconnect|temporary failure/i,
    "network",
  ],
  [/\b50[0234]\b|internal server error|bad gateway|service unavailable|gateway timeout|unknown: unknown/i, "server_error"],
  [/context canceled|shutting down|containerd/i, "docker_unavailable"],
  [/blob upload|manifest invalid|manifest blob|quota|size exceeds|unsupported|invalid/i, "rejected"],
]

const hints: { readonly [Code in ErrorCode]?: string } = {
  local_io: "free disk space where the Docker daemon keeps its images, then try again",
  rate_limited: "log in to the registry, or try again later",
  unauthorized: "check user and password of the registry",
  tls: "make the certificate known to the Docker daemon, or list the registry in its insecure-registries",
}

/** A failure that the daemon told in words, classified and put on a side. */
export function classifyMessage(message: string, status: number | undefined, task: DaemonTask): TransferError {
  const text = redact(message.slice(0, maxMessage)).trim()
  const known = words.find(([pattern]) => pattern.test(text))?.[1] ?? (status === 404 ? "not_found" : "docker_unavailable")
  const code = known === "rejected" && task.side !== "target" ? "protocol" : known
  const isDaemons = code === "local_io" || code === "docker_unavailable"
  const hint = hints[code]
  return new TransferError(code, `Docker: ${text === "" ? "the daemon failed without saying why" : text}`, {
    side: isDaemons ? "local" : task.side,
    ...(isDaemons && task.side !== "local" ? {} : { host: task.host }),
    ...(hint === undefined ? {} : { hint }),
  })
}

/** What dockerode throws: an answer with a status, or a connection to the daemon that failed. */
export function classifyThrown(error: unknown, address: string, task: DaemonTask): TransferError {
  if (isTransferError(error)) return error
  const { statusCode, code, name } = asRecord(error)
  if (name === "AbortError") return new TransferError("cancelled", "cancelled", { cause: error })
  if (typeof statusCode === "number") {
    return classifyMessage(toldBy(error) ?? `HTTP ${statusCode}`, statusCode, task)
  }
  return daemonUnavailable(address, typeof code === "string" ? code : undefined, error)
}

/**
 * The daemon's own words in what dockerode throws. Where it expected a stream they stand only in its message: `(HTTP code 500) server error - WORDS `.
 */
function toldBy(error: unknown): string | undefined {
  const { json, message } = asRecord(error)
  const told = asRecord(json).message
  if (typeof told === "string") return told
  const start = typeof message === "string" && json === null ? message.indexOf(" - ") : -1
  return typeof message === "string" && start !== -1 ? message.slice(start + 3) : undefined
}

/** The daemon itself cannot be reached, or went away. */
export function daemonUnavailable(address: string, reason: string | undefined, cause?: unknown): TransferError {
  const hint =
    reason === "EACCES"
      ? "this user may not use the socket of the Docker daemon; join its group, or use the direct engine, which needs no Docker"
      : "start the Docker daemon, or use the direct engine, which needs no Docker"
  const why = reason === undefined ? "" : ` (${reason})`
  return new TransferError("docker_unavailable", `the Docker daemon at ${redact(address)} does not answer${why}`, {
    side: "local",
    host: address,
    hint,
    cause,
  })
}

/** True for an endpoint that a proxy before the socket keeps closed, or that an old daemon does not have (RELIABILITY S20). */
export function isClosedEndpoint(error: unknown): boolean {
  const { statusCode, json } = asRecord(error)
  const isRefusal = statusCode === 403 || statusCode === 404 || statusCode === 405 || statusCode === 501
  const { message } = asRecord(json)
  return isRefusal && (typeof message !== "string" || message === "page not found")
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
