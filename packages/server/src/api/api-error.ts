import {
  describeError,
  describeErrorDetail,
  describeHint,
  type ErrorCode,
  isTransferError,
  type Locale,
  redact,
  type Side,
  type Text,
  type TransferFailure,
} from "@entrepot/core"
import { DatabaseUnavailable } from "@entrepot/db/stores"
import { TRPCError } from "@trpc/server"
import { ZodError } from "zod"
import { ServiceError } from "../errors/service-error.ts"
import { RequestError } from "../http/request-error.ts"
import type { Log } from "../runtime/runtime.ts"
import { type ApplicationErrorCode, applicationMeanings, type Meaning, refusalsOfTrpc, transferMeanings } from "./error-table.ts"

interface Described {
  /** HTTP status of our answer. */
  readonly httpStatus: number
  /** What a person reads, without details. */
  readonly sentence: Text
  /** More about it, for people who mend things: redacted English. Absent where nothing may be said. */
  readonly message: string
  /** Seconds after which asking again makes sense. */
  readonly retryAfterSeconds?: number
}

/** The application said no. */
interface ApplicationError extends Described {
  readonly kind: "application"
  readonly code: ApplicationErrorCode
  /** Names the entry in the server's log; for `internal`, and where the database is away. */
  readonly id?: string
  readonly allow?: readonly string[]
}

/** A transfer could not be asked for, planned or done. */
interface TransferApiError extends Described {
  readonly kind: "transfer"
  readonly code: ErrorCode
  readonly side?: Side
  readonly host?: string
  readonly hint?: string
  /** Status of the registry. */
  readonly status?: number
  readonly attempts?: number
}

/** An error as every interface tells it. */
export type ApiError = ApplicationError | TransferApiError

/** Turns whatever was thrown into what may be told; writes into the log what may not. The same error is logged once. */
export class ErrorReporter {
  readonly #log: Log
  readonly #newId: () => string
  readonly #known = new WeakMap<object, string>()

  constructor(log: Log, newId: () => string) {
    this.#log = log
    this.#newId = newId
  }

  describe(thrown: unknown): ApiError {
    if (thrown instanceof TRPCError) return this.#describeTrpc(thrown)
    if (isTransferError(thrown)) return describeFailure(thrown)
    if (thrown instanceof ServiceError) {
      const { retryAfterSeconds } = thrown
      return applicationError(thrown.code, thrown.message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds })
    }
    if (thrown instanceof RequestError) {
      return applicationError(thrown.code, thrown.message, thrown.allow === undefined ? {} : { allow: thrown.allow })
    }
    if (thrown instanceof DatabaseUnavailable) {
      const id = this.#report(thrown)
      return applicationError("unavailable", "the database does not answer or has no room", { id, retryAfterSeconds: 5 })
    }
    return applicationError("internal", "the server's log has more about it", { id: this.#report(thrown) })
  }

  /** tRPC wraps what procedures throw, and throws of its own what it refuses itself. */
  #describeTrpc(error: TRPCError): ApiError {
    const { cause } = error
    const code = refusalsOfTrpc[error.code]
    if (error.code === "BAD_REQUEST" && cause instanceof ZodError) return applicationError("invalid", describeIssues(cause))
    if (cause !== undefined && !(cause instanceof SyntaxError && code !== undefined)) return this.describe(cause)
    return code === undefined ? this.describe(new Error(error.message)) : applicationError(code, error.message)
  }

  #report(thrown: unknown): string {
    const key = typeof thrown === "object" && thrown !== null ? thrown : {}
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const id = this.#newId()
    this.#known.set(key, id)
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    this.#log.error({ id, error: redact(text) }, "a request failed inside the server")
    return id
  }
}

/** What tRPC refused before it asked for a context: a URL, path or form that cannot be read. */
export function describeUnread({ code }: TRPCError): ApiError {
  return applicationError(refusalsOfTrpc[code] ?? "internal", "the request cannot be read")
}

/** A failure of a transfer, thrown or recorded. */
export function describeFailure(failure: TransferFailure | (Error & { readonly code: ErrorCode })): TransferApiError {
  const { code, message, side, host, hint, status, attempts, retryAfterMs } = failure as TransferFailure
  const { status: httpStatus } = transferMeanings[code]
  return {
    kind: "transfer",
    code,
    httpStatus,
    sentence: { zh: describeError({ code, side }, "zh"), en: describeError({ code, side }, "en") },
    message: redact(message),
    ...(side === undefined ? {} : { side }),
    ...(host === undefined ? {} : { host }),
    ...(hint === undefined ? {} : { hint: redact(hint) }),
    ...(status === undefined ? {} : { status }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
  }
}

/** What an error is to HTTP and to tRPC. */
export function meaningOf(error: ApiError): Meaning {
  return error.kind === "application" ? applicationMeanings[error.code] : transferMeanings[error.code]
}

/** The sentence with where and how it failed behind it: `网络连接失败，请检查网络环境（harbor.example.com，HTTP 502）`. */
export function sayError(error: ApiError, locale: Locale): string {
  const detail = error.kind === "transfer" ? describeErrorDetail(error, locale) : undefined
  const sentence = error.sentence[locale]
  if (detail === undefined) return sentence
  return locale === "zh" ? `${sentence}（${detail}）` : `${sentence} (${detail})`
}

/** The body of a refused REST request. Codes are in capitals there, as registries write theirs. */
export function errorBody(error: ApiError, locale: Locale) {
  const details =
    error.kind === "application"
      ? { ...(error.id === undefined ? {} : { id: error.id }) }
      : {
          ...(error.side === undefined ? {} : { side: error.side }),
          ...(error.host === undefined ? {} : { host: error.host }),
          ...(error.hint === undefined ? {} : { hint: describeHint(error.hint, locale) }),
          ...(error.status === undefined ? {} : { status: error.status }),
          ...(error.attempts === undefined ? {} : { attempts: error.attempts }),
        }
  return {
    success: false as const,
    message: sayError(error, locale),
    error: {
      code: error.code.toUpperCase(),
      detail: error.message,
      ...details,
      ...(error.retryAfterSeconds === undefined ? {} : { retry_after: error.retryAfterSeconds }),
    },
  }
}

function applicationError(
  code: ApplicationErrorCode,
  message: string,
  details: Pick<ApplicationError, "id" | "allow" | "retryAfterSeconds"> = {},
): ApplicationError {
  const { status, sentence } = applicationMeanings[code]
  return { kind: "application", code, httpStatus: status, sentence, message: redact(message), ...details }
}

/** `images.0.image: Too small`; values are not repeated, they may be secrets. */
export function describeIssues(error: ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`))
    .join("; ")
}
