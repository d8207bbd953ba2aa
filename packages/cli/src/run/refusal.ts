import type { EntrepotError, EntrepotErrorCode } from "@entrepot/client"
import type { ErrorCode, Text } from "@entrepot/core"
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-code.ts"

/** What the application says no with, where core has no code for it. */
type OwnCode = Exclude<EntrepotErrorCode, ErrorCode>

const ownExitCodes = {
  invalid: exitCodes.usage,
  method_not_allowed: exitCodes.usage,
  unsupported_media_type: exitCodes.usage,
  body_too_large: exitCodes.usage,
  unauthenticated: exitCodes.access,
  login_refused: exitCodes.access,
  token_change_required: exitCodes.access,
  foreign_origin: exitCodes.access,
  conflict: exitCodes.failed,
  too_many: exitCodes.rateLimited,
  unavailable: exitCodes.server,
  internal: exitCodes.server,
  unreachable: exitCodes.network,
} as const satisfies Record<OwnCode, ExitCode>

/** A server says "Log in first" to everybody; who comes with a key has no page to log in at. */
const keyRefused: Text = { zh: "服务端不接受此 API 密钥", en: "The server does not accept this API key" }

/** What to do about it, where that is always the same. */
const hints: Partial<Record<EntrepotErrorCode, string>> = {
  unauthenticated: "make an API key on the server's token page, and put it into ENTREPOT_TOKEN",
  forbidden: "use an API key with the scope that this needs",
  unreachable: "check the address, the network, and whether a proxy is needed",
}

/** Of the one setting without which the application cannot do what it is asked. */
const masterKeyHint = "write the output of `openssl rand -base64 32` into a file, and name it in MASTER_KEY_FILE"

/** The application's own services say no with these, without a sentence. */
const sentences: Readonly<Record<string, Text>> = {
  invalid: { zh: "请求内容不正确，请检查输入", en: "This cannot be understood; check the input" },
  not_found: { zh: "不存在", en: "There is no such thing" },
  conflict: { zh: "当前状态不允许此操作", en: "Its present state does not allow this" },
  forbidden: { zh: "没有权限执行此操作", en: "You may not do this" },
  unavailable: { zh: "暂时无法处理此请求", en: "This cannot be done at present" },
}

/** The application's no, wherever it was said: the server's answer, or its services in this process. */
export interface Refusal {
  readonly code: EntrepotErrorCode
  readonly sentence: Text
  /** More about it, in English. */
  readonly message: string
  readonly host: string | undefined
  readonly status: number | undefined
  readonly attempts: number | undefined
  readonly hint: string | undefined
  readonly exitCode: ExitCode
}

/** What the application said, undefined for an error of another kind. Goes by names, since whoever throws these is loaded only when needed. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === "EntrepotError") {
    const { code, sentence, message, host, status, attempts, hint } = error as EntrepotError
    const own = code === "unauthenticated" ? { sentence: keyRefused, message: "it is wrong, has expired, or was revoked" } : {}
    return {
      code,
      sentence,
      message,
      host,
      status,
      attempts,
      hint: hint ?? hintOf(code, message),
      exitCode: exitCodeOfRefusal(code),
      ...own,
    }
  }
  if (error.name !== "ServiceError" || !("code" in error)) return undefined
  const code = error.code as EntrepotErrorCode
  const sentence = sentences[code] ?? { zh: error.message, en: error.message }
  const hint = hintOf(code, error.message)
  const unknown = { host: undefined, status: undefined, attempts: undefined }
  return { code, sentence, message: error.message, ...unknown, hint, exitCode: exitCodeOfRefusal(code) }
}

function hintOf(code: EntrepotErrorCode, message: string): string | undefined {
  return message.includes("(MASTER_KEY_FILE)") ? masterKeyHint : hints[code]
}

function exitCodeOfRefusal(code: EntrepotErrorCode): ExitCode {
  return isOwn(code) ? ownExitCodes[code] : exitCodeOf(code)
}

function isOwn(code: EntrepotErrorCode): code is OwnCode {
  return Object.hasOwn(ownExitCodes, code)
}
