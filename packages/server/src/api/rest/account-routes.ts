import { z } from "zod"
import { loginInputSchema, newTokenSchema, roleSchema } from "../schemas/account.ts"
import { success } from "./fields.ts"
import { describeRoute } from "./route.ts"

const doneSchema = z.object({ success, message: z.string() })

const loggedInSchema = doneSchema.extend({
  /** The session can do nothing until the default token has been changed (`POST /api/auth/token`). */
  must_change_token: z.boolean().optional(),
})

export const accountRoutes = {
  "POST /api/auth/login": describeRoute({
    tag: "accounts",
    summary: { zh: "登录", en: "Log in" },
    body: loginInputSchema,
    answer: loggedInSchema,
  }).handledBy(async ({ call, context, body }) => {
    const { mustChange } = await call.accounts.login(body)
    const message = context.locale === "zh" ? "登录成功" : "Logged in"
    return { body: { success: true, message, ...(mustChange ? { must_change_token: true } : {}) } }
  }),

  "POST /api/auth/logout": describeRoute({
    tag: "accounts",
    summary: { zh: "退出登录", en: "Log out" },
    answer: doneSchema,
  }).handledBy(async ({ call, context }) => {
    await call.accounts.logout()
    return { body: { success: true, message: context.locale === "zh" ? "已退出登录" : "Logged out" } }
  }),

  "POST /api/auth/token": describeRoute({
    tag: "accounts",
    summary: { zh: "修改Token", en: "Change the token" },
    body: newTokenSchema,
    answer: doneSchema,
  }).handledBy(async ({ call, context, body }) => {
    await call.accounts.changeToken(body)
    return { body: { success: true, message: context.locale === "zh" ? "Token修改成功" : "The token was changed" } }
  }),

  "GET /api/auth/me": describeRoute({
    tag: "accounts",
    summary: { zh: "当前登录信息", en: "Who is logged in" },
    answer: z.object({ success, name: z.string(), role: roleSchema, must_change_token: z.boolean() }),
  }).handledBy(async ({ call }) => {
    const { name, role, mustChange } = await call.accounts.me()
    return { body: { success: true, name, role, must_change_token: mustChange } }
  }),
}
