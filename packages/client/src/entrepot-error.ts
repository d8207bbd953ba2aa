import type { Side, Text } from "@entrepot/core/errors"
import type { AppRouter } from "@entrepot/server/router"
import { isTRPCClientError, TRPCClientError } from "@trpc/client"
import type { inferRouterError } from "@trpc/server"

/** What the application says about an error, as data. */
type Told = inferRouterError<AppRouter>["data"]

/** Why the application says no, and core's codes for what registries do. `unreachable`: the application did not answer. */
export type EntrepotErrorCode = Told["code"] | "unreachable"

const unreachable: Text = {
  zh: "无法连接服务端，请检查地址和网络",
  en: "The server cannot be reached; check its address and the network",
}
const unclear: Text = { zh: "服务端返回了无法识别的响应", en: "The server gave an answer that cannot be understood" }

/** What an EntrepotError knows besides its message. */
interface EntrepotErrorDetails {
  readonly code: EntrepotErrorCode
  readonly sentence: Text
  readonly httpStatus?: number
  readonly side?: Side
  readonly host?: string
  readonly status?: number
  readonly attempts?: number
  readonly hint?: string
  readonly retryAfterSeconds?: number
}

/** Every error of the client. The message is English and for people who mend things; `sentence` is for everybody. */
export class EntrepotError extends TRPCClientError<AppRouter> {
  override readonly name = "EntrepotError"
  readonly code: EntrepotErrorCode
  readonly sentence: Text
  /** HTTP status of the application; undefined when it did not answer. */
  readonly httpStatus: number | undefined
  /** Of a registry's failure: on whose side, at which host, with which status, and what to do next. */
  readonly side: Side | undefined
  readonly host: string | undefined
  readonly status: number | undefined
  readonly attempts: number | undefined
  readonly hint: string | undefined
  /** Seconds after which asking again makes sense. */
  readonly retryAfterSeconds: number | undefined

  constructor(message: string, told: EntrepotErrorDetails, cause?: unknown) {
    super(message, cause instanceof Error ? { cause } : {})
    // tRPC's constructor makes every subclass one of its own.
    Object.setPrototypeOf(this, EntrepotError.prototype)
    this.code = told.code
    this.sentence = told.sentence
    this.httpStatus = told.httpStatus
    this.side = told.side
    this.host = told.host
    this.status = told.status
    this.attempts = told.attempts
    this.hint = told.hint
    this.retryAfterSeconds = told.retryAfterSeconds
  }
}

/** Turns whatever a call ended with into an EntrepotError. */
export function entrepotErrorOf(error: unknown): EntrepotError {
  if (error instanceof EntrepotError) return error
  const told = isTRPCClientError<AppRouter>(error) ? error.data : undefined
  if (isTold(told)) return new EntrepotError(told.message, told, error)
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return isAnswered(error) || cause instanceof SyntaxError
    ? new EntrepotError("the answer is not the application's", { code: "internal", sentence: unclear }, cause)
    : unreachableError(reasonOf(cause), cause)
}

/** The application did not answer, for this reason. */
export function unreachableError(reason: string, cause?: unknown): EntrepotError {
  return new EntrepotError(reason, { code: "unreachable", sentence: unreachable }, cause)
}

/** The error in the body of a refused request; undefined for an answer that is not the application's. */
export function errorInBody(body: string, status: number): EntrepotError {
  const told = toldIn(body)
  if (told !== undefined) return new EntrepotError(told.message, told)
  return new EntrepotError(`HTTP ${status}, and no reason that could be understood`, {
    code: "internal",
    httpStatus: status,
    sentence: unclear,
  })
}

function toldIn(body: string): Told | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    const told = (parsed as { error?: { data?: unknown } } | null)?.error?.data
    return isTold(told) ? told : undefined
  } catch {
    return undefined
  }
}

function isTold(value: unknown): value is Told {
  return typeof value === "object" && value !== null && "code" in value && typeof value.code === "string" && "sentence" in value
}

/** tRPC hands over the response, where there was one. */
function isAnswered(error: unknown): boolean {
  return isTRPCClientError(error) && error.meta?.response !== undefined
}

/** undici says `fetch failed`; why, is what its cause says. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer"
  const { cause } = error
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message || "no answer"
}
