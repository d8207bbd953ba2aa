import type { ErrorCode, Side } from "../../errors/error-code.ts"
import { redact } from "../../errors/redact.ts"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import type { HttpResponse } from "../../http/http.ts"

const bodyLimitBytes = 64 * 1024
const shownCharacters = 300

/** Which request an answer belongs to; goes into the message. */
export interface Asked {
  readonly host: string
  readonly side?: Side | undefined
  /** What was asked for, as the object of "answered 404 to …": `the manifest library/nginx:latest`. */
  readonly what: string
}

interface RegistryDetail {
  readonly code: string
  readonly message: string
}

/**
 * Turns an answer that is no success into an error, and consumes its body (at most 64 KiB of it). Status and the code in
 * `{"errors":[…]}` decide (distribution-spec, "Error Codes"); the server's words are shortened, redacted and stripped of control characters.
 */
export async function registryError(response: HttpResponse, asked: Asked): Promise<TransferError> {
  const { status } = response
  const detail = parseDetail(await readText(response), response.hide)
  const code = errorCodeOf(status, detail?.code)
  const said = detail === undefined ? "" : `: ${[detail.code, detail.message].filter((part) => part !== "").join(", ")}`
  return new TransferError(code, `${asked.host} answered ${status} to ${asked.what}${said}`, {
    host: asked.host,
    side: asked.side,
    status,
    registryCode: detail?.code === "" ? undefined : detail?.code,
    hint: hintFor(code, status, asked),
    retryAfterMs: retryAfterMsOf(response.headers.get("retry-after")),
  })
}

/** An answer that the specification does not allow. */
export function protocolError(asked: Asked, problem: string, cause?: unknown): TransferError {
  return new TransferError("protocol", `${asked.host} ${problem} for ${asked.what}`, {
    host: asked.host,
    side: asked.side,
    cause,
  })
}

/** The same error with host and side, where it lacks them; what is no TransferError becomes `network`. */
export function placed(error: unknown, { host, side, what }: Asked): TransferError {
  if (isTransferError(error, "unauthorized") && isHubRead({ host, side, what })) {
    return new TransferError(error.code, error.message, { ...error, cause: error.cause, host, side, hint: hubHint })
  }
  if (isTransferError(error)) return error.with({ host, side })
  const text = error instanceof Error ? error.message : String(error)
  return new TransferError("network", `${host} broke off ${what}: ${tidy(text)}`, { host, side, cause: error })
}

function errorCodeOf(status: number, registryCode: string | undefined): ErrorCode {
  if (status === 429 || registryCode === "TOOMANYREQUESTS") return "rate_limited"
  if (status === 401) return "unauthorized"
  if (status === 403 || registryCode === "DENIED") return "forbidden"
  // a manifest PUT answered 404 because of a missing blob is a refusal of the content
  if (registryCode === "MANIFEST_BLOB_UNKNOWN") return "rejected"
  if (status === 404) return "not_found"
  if (status === 408) return "network"
  if (registryCode === "UNSUPPORTED" || status === 405) return "unsupported"
  if (status >= 500) return "server_error"
  if (status >= 400) return "rejected"
  return "protocol"
}

const hubHint = "the repository does not exist, or needs credentials"

/** Docker Hub answers 401 for a repository that does not exist as for one that is private. */
function isHubRead({ host, side }: Asked): boolean {
  return host === "registry-1.docker.io" && side !== "target"
}

function hintFor(code: ErrorCode, status: number, asked: Asked): string | undefined {
  if (code === "unauthorized" || code === "forbidden") {
    if (isHubRead(asked)) return hubHint
    if (code === "unauthorized") return "check user name and password"
    return asked.side === "target" ? "this account may not push there" : "this account may not read there"
  }
  if (status === 413) return "the registry or a proxy before it limits the size of a request"
  if (code === "rate_limited") return "wait, or sign in: most registries allow more to accounts"
  return undefined
}

async function readText(response: HttpResponse): Promise<string> {
  try {
    return (await response.body.bytes(bodyLimitBytes)).toString("utf8")
  } catch {
    // an error page that is too long or breaks off says nothing the status does not
    return ""
  }
}

function parseDetail(text: string, hide: HttpResponse["hide"] = String): RegistryDetail | undefined {
  if (!text.trimStart().startsWith("{")) return undefined
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  const errors = typeof json === "object" && json !== null && "errors" in json ? json.errors : undefined
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  if (typeof first !== "object" || first === null) return undefined
  const code = "code" in first && typeof first.code === "string" ? first.code : ""
  const message = "message" in first && typeof first.message === "string" ? first.message : ""
  const isCode = /^[A-Za-z_]{1,64}$/.test(code) && hide(code) === code
  return { code: isCode ? code.toUpperCase() : "", message: tidy(hide(message)) }
}

function tidy(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a server's text must not steer a terminal
  const line = redact(text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim())
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters)}…` : line
}

function retryAfterMsOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  return /^\d{1,9}$/.test(value) ? Number(value) * 1000 : undefined
}
