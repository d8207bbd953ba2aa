import { initTRPC } from "@trpc/server"
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc"
import type { Actor } from "../accounts/actor.ts"
import { ServiceError } from "../errors/service-error.ts"
import { RequestError } from "../http/request-error.ts"
import { describeUnread, meaningOf } from "./api-error.ts"
import type { ApiContext } from "./context.ts"
import { checkRight } from "./right.ts"
import { rightOf } from "./rights.ts"

const trpc = initTRPC.context<ApiContext>().create({
  isDev: false,
  errorFormatter: ({ error, ctx }) => {
    const described = ctx === undefined ? describeUnread(error) : ctx.errors.describe(error)
    // By this code clients of subscriptions decide whether to come back: for a refusal they must not.
    const code = TRPC_ERROR_CODES_BY_KEY[meaningOf(described).trpc]
    return { code, message: described.message, data: described }
  },
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 45_000 } },
})

export const { router, createCallerFactory } = trpc

/**
 * Refuses what another site's page started (RELIABILITY S17). Browsers say whose page sends a request that changes something; programs say nothing and
 * are let in: nobody makes them send a cookie that is not theirs. Bearers are sent on purpose, by no browser by itself.
 * @throws RequestError `foreign_origin`.
 */
export function checkOrigin(context: Pick<ApiContext, "origin" | "shows">): void {
  if (context.shows === "bearer" || context.origin !== "foreign") return
  throw new RequestError("foreign_origin", "the Origin of the request is another site's")
}

/** Every procedure stands on this one: it looks its own right up, and without one nobody gets in. */
export const procedure = trpc.procedure.use(async ({ ctx, next, path, type }) => {
  const right = rightOf(path)
  if (type !== "query") checkOrigin(ctx)
  const caller: Actor | undefined = right?.who === "anyone" ? undefined : await ctx.identify()
  checkRight(right, caller)
  return next({ ctx: { ...ctx, caller } })
})

/** For procedures that somebody does; `actor` is on whose behalf. */
export const personal = procedure.use(({ ctx, next }) => {
  if (ctx.caller === undefined) throw new ServiceError("unauthenticated", "this needs a login")
  return next({ ctx: { ...ctx, actor: ctx.caller } })
})
