import { errorCodes, TransferError } from "@entrepot/core"
import { DatabaseUnavailable } from "@entrepot/db/stores"
import { TRPCError } from "@trpc/server"
import { expect, test } from "vitest"
import { ZodError, z } from "zod"
import { ServiceError, serviceErrorCodes } from "../errors/service-error.ts"
import { RequestError, requestErrorCodes } from "../http/request-error.ts"
import type { Log } from "../runtime/runtime.ts"
import { testApi } from "./api.fixture.ts"
import { ErrorReporter, errorBody, sayError } from "./api-error.ts"
import { applicationMeanings, transferMeanings } from "./error-table.ts"

function reporter() {
  const logged: unknown[] = []
  const log: Log = { debug() {}, info() {}, warn() {}, error: (fields, message) => void logged.push({ ...fields, message }) }
  let id = 0
  return { logged, errors: new ErrorReporter(log, () => `id-${++id}`) }
}

test("every code has its status, and what the registries refuse is never told as our own 401, 403, 404 or 429", () => {
  expect(Object.keys(transferMeanings).sort()).toEqual([...errorCodes].sort())
  expect(Object.keys(applicationMeanings).sort()).toEqual([...serviceErrorCodes, ...requestErrorCodes, "internal"].sort())
  const ours = new Set([401, 403, 404, 405, 413, 415, 429])
  expect(Object.entries(transferMeanings).filter(([, { status }]) => ours.has(status))).toEqual([])
})

test("the sentences of the application, word for word", () => {
  const { errors } = reporter()
  const say = (error: Error) => (["zh", "en"] as const).map((locale) => sayError(errors.describe(error), locale))
  const said = Object.fromEntries([
    ...serviceErrorCodes.map((code) => [code, say(new ServiceError(code, "detail"))]),
    ...requestErrorCodes.map((code) => [code, say(new RequestError(code, "detail"))]),
    ["internal", say(new Error("detail"))],
  ])
  expect(said).toEqual({
    invalid: ["请求内容不正确，请检查输入", "The request cannot be understood; check the input"],
    unauthenticated: ["请先登录", "Log in first"],
    login_refused: ["登录失败，请检查Token或用户名密码", "The login was refused; check the token, or user and password"],
    token_change_required: ["请先修改默认Token", "Change the default token first"],
    forbidden: ["没有权限执行此操作", "You may not do this"],
    not_found: ["不存在", "There is no such thing"],
    conflict: ["当前状态不允许此操作，请刷新后重试", "Its present state does not allow this; look again and retry"],
    too_many: ["请求过于频繁，请稍后再试", "Too many requests; try again later"],
    unavailable: ["服务暂时无法处理此请求", "The server cannot do this at present"],
    method_not_allowed: ["不支持该请求方法", "This path does not have this method"],
    unsupported_media_type: ["请求内容必须是JSON", "The request has to be JSON"],
    body_too_large: ["请求内容过大", "The request is too large"],
    foreign_origin: ["请求来自其他网站，已拒绝", "The request comes from another site and was refused"],
    internal: ["服务器内部错误", "Something went wrong inside the server"],
  })
})

test("faults 36, 37: a database that is away or full is told as 503, and how it is in the log alone", () => {
  const { logged, errors } = reporter()
  const described = errors.describe(new DatabaseUnavailable("database or disk is full"))
  expect([described.httpStatus, described.retryAfterSeconds]).toEqual([503, 5])
  expect(errorBody(described, "en")).toEqual({
    success: false,
    message: "The server cannot do this at present",
    error: { code: "UNAVAILABLE", detail: "the database does not answer or has no room", id: "id-1", retry_after: 5 },
  })
  expect(logged).toMatchObject([{ id: "id-1", error: expect.stringContaining("database or disk is full") }])
})

test("a transfer's error tells code, side, host, hint and status, and no secret", () => {
  const { errors } = reporter()
  const error = new TransferError("unauthorized", "refused: Authorization: Basic YWRtaW46c2VjcmV0", {
    side: "target",
    host: "harbor.example.com",
    status: 401,
    hint: "check user name and password",
    retryAfterMs: 1500,
  })
  const described = errors.describe(new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: error }))
  expect(described).toEqual({
    kind: "transfer",
    code: "unauthorized",
    httpStatus: 422,
    sentence: {
      zh: "目标仓库认证失败，请检查用户名密码",
      en: "The target registry refused the login; check user and password",
    },
    message: "refused: Authorization: ***",
    side: "target",
    host: "harbor.example.com",
    hint: "check user name and password",
    status: 401,
    retryAfterSeconds: 2,
  })
  expect(errorBody(described, "zh")).toEqual({
    success: false,
    message: "目标仓库认证失败，请检查用户名密码（harbor.example.com，HTTP 401）",
    error: {
      code: "UNAUTHORIZED",
      detail: "refused: Authorization: ***",
      side: "target",
      host: "harbor.example.com",
      hint: "请检查用户名和密码",
      status: 401,
      retry_after: 2,
    },
  })
})

test("what nobody foresaw is told as a number that is in the log, once, and as nothing else", () => {
  const { errors, logged } = reporter()
  const thrown = new Error("no answer from postgres://entrepot:hunter2secret@db/entrepot")
  const first = errors.describe(new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: thrown }))
  expect(errors.describe(thrown)).toEqual(first)
  expect(errorBody(first, "en")).toEqual({
    success: false,
    message: "Something went wrong inside the server",
    error: { code: "INTERNAL", detail: "the server's log has more about it", id: "id-1" },
  })
  expect(logged).toEqual([
    {
      id: "id-1",
      error: expect.stringContaining("no answer from postgres://***@db/entrepot"),
      message: "a request failed inside the server",
    },
  ])
  expect(JSON.stringify(logged)).not.toContain("hunter2secret")
})

test("an answer that does not fit its own schema is our fault, an input that does not is the caller's", () => {
  const { errors } = reporter()
  const { error } = z.object({ images: z.array(z.string().min(1)) }).safeParse({ images: [""] })
  const cause = error as ZodError
  expect(cause).toBeInstanceOf(ZodError)
  expect(errors.describe(new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause })).httpStatus).toBe(500)
  expect(errors.describe(new TRPCError({ code: "BAD_REQUEST", cause }))).toMatchObject({
    code: "invalid",
    message: "images.0: Too small: expected string to have >=1 characters",
  })
})

test("a service that fails says nothing of why over the wire", async () => {
  const api = await testApi({
    services: ({ services }) => ({
      ...services,
      jobs: new Proxy(services.jobs, {
        get: (target, name) => {
          if (name === "counts") throw new Error("disk I/O error in /data/secret-path")
          return Reflect.get(target, name)
        },
      }),
    }),
  })
  const answer = await api.ask("GET /api/trpc/jobs.counts", { as: await api.admin() })
  expect(answer.status).toBe(500)
  expect(answer.text).not.toContain("secret-path")
  const { id } = answer.json.error.data
  expect(api.errors).toEqual([
    { fields: { id, error: expect.stringContaining("disk I/O error") }, message: "a request failed inside the server" },
  ])
})
