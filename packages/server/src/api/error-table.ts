import type { ErrorCode, Text } from "@entrepot/core"
import type { TRPCError } from "@trpc/server"
import type { ServiceErrorCode } from "../errors/service-error.ts"
import type { RequestErrorCode } from "../http/request-error.ts"

type TrpcCode = TRPCError["code"]

export interface Meaning {
  /** HTTP status of our answer. */
  readonly status: number
  readonly trpc: TrpcCode
}

/** Everything that the application itself says no with; `internal` is what nobody foresaw. */
export type ApplicationErrorCode = ServiceErrorCode | RequestErrorCode | "internal"

const badRequest = { status: 400, trpc: "BAD_REQUEST" } as const
const conflict = { status: 409, trpc: "CONFLICT" } as const
const unprocessable = { status: 422, trpc: "UNPROCESSABLE_CONTENT" } as const
const internal = { status: 500, trpc: "INTERNAL_SERVER_ERROR" } as const
const badGateway = { status: 502, trpc: "BAD_GATEWAY" } as const
const unavailable = { status: 503, trpc: "SERVICE_UNAVAILABLE" } as const

/**
 * What a transfer's failure is to our client. A registry's 401, 403, 404 and 429 are not ours: the request was understood and permitted, but what it
 * names or the credentials in it do not do.
 */
export const transferMeanings = {
  reference_invalid: badRequest,
  usage: badRequest,
  naming_collision: conflict,
  network: badGateway,
  tls: badGateway,
  address_blocked: badGateway,
  unauthorized: unprocessable,
  forbidden: unprocessable,
  not_found: unprocessable,
  rate_limited: unavailable,
  server_error: badGateway,
  protocol: badGateway,
  digest_mismatch: badGateway,
  too_large: unprocessable,
  rejected: unprocessable,
  unsupported: unprocessable,
  archive_invalid: unprocessable,
  local_io: internal,
  docker_unavailable: unavailable,
  cancelled: conflict,
} as const satisfies Record<ErrorCode, Meaning>

/** What the application says no with, and the sentence for it; core has the sentences of transfers. */
export const applicationMeanings = {
  invalid: {
    ...badRequest,
    sentence: { zh: "请求内容不正确，请检查输入", en: "The request cannot be understood; check the input" },
  },
  unauthenticated: { status: 401, trpc: "UNAUTHORIZED", sentence: { zh: "请先登录", en: "Log in first" } },
  login_refused: {
    status: 401,
    trpc: "UNAUTHORIZED",
    sentence: { zh: "登录失败，请检查Token或用户名密码", en: "The login was refused; check the token, or user and password" },
  },
  token_change_required: {
    status: 403,
    trpc: "FORBIDDEN",
    sentence: { zh: "请先修改默认Token", en: "Change the default token first" },
  },
  forbidden: { status: 403, trpc: "FORBIDDEN", sentence: { zh: "没有权限执行此操作", en: "You may not do this" } },
  not_found: { status: 404, trpc: "NOT_FOUND", sentence: { zh: "不存在", en: "There is no such thing" } },
  conflict: {
    ...conflict,
    sentence: { zh: "当前状态不允许此操作，请刷新后重试", en: "Its present state does not allow this; look again and retry" },
  },
  too_many: {
    status: 429,
    trpc: "TOO_MANY_REQUESTS",
    sentence: { zh: "请求过于频繁，请稍后再试", en: "Too many requests; try again later" },
  },
  unavailable: { ...unavailable, sentence: { zh: "服务暂时无法处理此请求", en: "The server cannot do this at present" } },
  method_not_allowed: {
    status: 405,
    trpc: "METHOD_NOT_SUPPORTED",
    sentence: { zh: "不支持该请求方法", en: "This path does not have this method" },
  },
  unsupported_media_type: {
    status: 415,
    trpc: "UNSUPPORTED_MEDIA_TYPE",
    sentence: { zh: "请求内容必须是JSON", en: "The request has to be JSON" },
  },
  body_too_large: { status: 413, trpc: "PAYLOAD_TOO_LARGE", sentence: { zh: "请求内容过大", en: "The request is too large" } },
  foreign_origin: {
    status: 403,
    trpc: "FORBIDDEN",
    sentence: { zh: "请求来自其他网站，已拒绝", en: "The request comes from another site and was refused" },
  },
  internal: { ...internal, sentence: { zh: "服务器内部错误", en: "Something went wrong inside the server" } },
} as const satisfies Record<ApplicationErrorCode, Meaning & { readonly sentence: Text }>

/** What tRPC itself refuses, in our words; what stands not here is ours to have foreseen. */
export const refusalsOfTrpc: Partial<Record<TrpcCode, ApplicationErrorCode>> = {
  BAD_REQUEST: "invalid",
  PARSE_ERROR: "invalid",
  NOT_FOUND: "not_found",
  METHOD_NOT_SUPPORTED: "method_not_allowed",
  PAYLOAD_TOO_LARGE: "body_too_large",
  UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
}
