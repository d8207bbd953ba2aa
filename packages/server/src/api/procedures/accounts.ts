import { z } from "zod"
import type { Actor } from "../../accounts/actor.ts"
import { ServiceError } from "../../errors/service-error.ts"
import type { ApiContext } from "../context.ts"
import {
  apiKeySchema,
  auditEntrySchema,
  createdKeySchema,
  loginInputSchema,
  meSchema,
  newKeySchema,
  newPasswordSchema,
  newTokenSchema,
  newUserSchema,
  userChangesSchema,
  userSchema,
} from "../schemas/account.ts"
import { idSchema } from "../schemas/job.ts"
import { personal, procedure, router } from "../trpc.ts"

export const accountsRouter = router({
  me: personal.output(meSchema).query(({ ctx }) => showActor(ctx.actor)),

  /** Sets the session's cookie. */
  login: procedure
    .input(loginInputSchema)
    .output(meSchema)
    .mutation(async ({ ctx, input }) => {
      const { actor, sessionId } = await logIn(ctx, input)
      ctx.logIn(sessionId)
      return showActor(actor)
    }),

  logout: personal.output(z.void()).mutation(async ({ ctx }) => {
    await ctx.services.accounts.logout(ctx.actor)
    ctx.logOut()
  }),

  /** Ends all sessions; the caller's cookie becomes that of a new one. */
  changeToken: personal
    .input(newTokenSchema)
    .output(meSchema)
    .mutation(async ({ ctx, input }) => {
      const { actor, sessionId } = await ctx.services.accounts.changeToken(ctx.actor, input.token)
      ctx.logIn(sessionId)
      return showActor(actor)
    }),

  changePassword: personal
    .input(newPasswordSchema)
    .output(meSchema)
    .mutation(async ({ ctx, input }) => {
      const { actor, sessionId } = await ctx.services.accounts.changePassword(ctx.actor, input.current, input.next)
      ctx.logIn(sessionId)
      return showActor(actor)
    }),

  keys: router({
    list: personal.output(z.array(apiKeySchema).readonly()).query(({ ctx }) => ctx.services.accounts.listKeys(ctx.actor)),
    create: personal
      .input(newKeySchema)
      .output(createdKeySchema)
      .mutation(({ ctx, input }) => ctx.services.accounts.createKey(ctx.actor, input)),
    remove: personal
      .input(z.object({ id: z.string().min(1).max(128) }))
      .output(z.void())
      .mutation(({ ctx, input }) => ctx.services.accounts.removeKey(ctx.actor, input.id)),
  }),

  users: router({
    list: personal.output(z.array(userSchema).readonly()).query(({ ctx }) => ctx.services.accounts.listUsers(ctx.actor)),
    create: personal
      .input(newUserSchema)
      .output(userSchema)
      .mutation(({ ctx, input }) => ctx.services.accounts.createUser(ctx.actor, input)),
    update: personal
      .input(userChangesSchema)
      .output(userSchema)
      .mutation(({ ctx, input: { id, ...changes } }) => ctx.services.accounts.updateUser(ctx.actor, id, changes)),
    remove: personal
      .input(z.object({ id: idSchema }))
      .output(z.void())
      .mutation(({ ctx, input }) => ctx.services.accounts.removeUser(ctx.actor, input.id)),
  }),

  audit: personal
    .input(z.object({ before: idSchema.exactOptional(), limit: z.number().int().min(1).max(200).default(50) }))
    .output(z.array(auditEntrySchema).readonly())
    .query(({ ctx, input }) => ctx.services.accounts.audit(ctx.actor, input)),
})

async function logIn({ services, client }: ApiContext, input: z.output<typeof loginInputSchema>) {
  try {
    return "token" in input
      ? await services.accounts.loginWithToken(input.token, client, input.setupCode)
      : await services.accounts.loginWithPassword(input.username, input.password, client)
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== "unauthenticated") throw error
    throw new ServiceError("login_refused", error.message, { cause: error })
  }
}

function showActor(actor: Actor): z.input<typeof meSchema> {
  const { userId, name, role, via, mustChange } = actor
  return { userId, name, role, via, scopes: actor.scopes ?? null, mustChange }
}
