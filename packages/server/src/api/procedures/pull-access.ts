import { z } from "zod"
import { idSchema } from "../schemas/job.ts"
import {
  accessAnswerSchema,
  accessRuleSchema,
  explainedImageSchema,
  newAccessRuleSchema,
  newPullUserSchema,
  pullModeSchema,
  pullUserChangesSchema,
  pullUserSchema,
  ruleQuerySchema,
} from "../schemas/pull-access.ts"
import { personal, router } from "../trpc.ts"

const one = z.object({ id: idSchema })

/** Who may `docker login`, and nothing else. */
export const pullUsersRouter = router({
  list: personal.output(z.array(pullUserSchema).readonly()).query(({ ctx }) => ctx.services.pullAccess.listUsers(ctx.actor)),

  create: personal
    .input(newPullUserSchema)
    .output(pullUserSchema)
    .mutation(({ ctx, input }) => {
      const { pullAccess } = ctx.services
      return "md5" in input ? pullAccess.importMd5User(ctx.actor, input) : pullAccess.createUser(ctx.actor, input)
    }),

  update: personal
    .input(pullUserChangesSchema)
    .output(pullUserSchema)
    .mutation(({ ctx, input: { id, ...changes } }) => ctx.services.pullAccess.updateUser(ctx.actor, id, changes)),

  remove: personal
    .input(one)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.pullAccess.removeUser(ctx.actor, input.id)),
})

/** What anybody may pull, and what nobody may. */
export const accessRulesRouter = router({
  list: personal
    .input(ruleQuerySchema)
    .output(z.array(accessRuleSchema).readonly())
    .query(({ ctx, input }) => ctx.services.pullAccess.listRules(ctx.actor, input.effect)),

  create: personal
    .input(newAccessRuleSchema)
    .output(accessRuleSchema)
    .mutation(({ ctx, input }) => ctx.services.pullAccess.createRule(ctx.actor, input)),

  remove: personal
    .input(one)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.pullAccess.removeRule(ctx.actor, input.id)),

  /** What an anonymous pull of that image meets. */
  explain: personal
    .input(explainedImageSchema)
    .output(accessAnswerSchema)
    .query(({ ctx, input }) => ctx.services.pullAccess.explain(ctx.actor, input.image)),

  /** Whether people need to log in for what is read through upstreams. */
  mode: personal.output(pullModeSchema).query(({ ctx }) => ctx.services.pullAccess.mode(ctx.actor)),

  setMode: personal
    .input(z.object({ open: z.boolean() }))
    .output(pullModeSchema)
    .mutation(({ ctx, input }) => ctx.services.pullAccess.setOpen(ctx.actor, input.open)),
})
