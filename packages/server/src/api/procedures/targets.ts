import { z } from "zod"
import { idSchema } from "../schemas/job.ts"
import {
  checkedTargetSchema,
  targetChangesSchema,
  targetCheckSchema,
  targetInputSchema,
  targetListSchema,
  targetSchema,
} from "../schemas/place.ts"
import { personal, router } from "../trpc.ts"

const oneTarget = z.object({ id: idSchema })

export const targetsRouter = router({
  list: personal.output(targetListSchema).query(async ({ ctx }) => ({
    targets: await ctx.services.targets.list(ctx.actor),
    keepsPasswords: ctx.services.targets.keepsPasswords,
    defaultTarget: ctx.services.targets.defaultTarget,
  })),

  get: personal
    .input(oneTarget)
    .output(targetSchema)
    .query(({ ctx, input }) => ctx.services.targets.get(ctx.actor, input.id)),

  create: personal
    .input(targetInputSchema)
    .output(targetSchema)
    .mutation(({ ctx, input }) => ctx.services.targets.create(ctx.actor, input)),

  update: personal
    .input(targetChangesSchema)
    .output(targetSchema)
    .mutation(({ ctx, input }) => ctx.services.targets.update(ctx.actor, input.id, input.version, input.changes)),

  remove: personal
    .input(oneTarget)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.targets.remove(ctx.actor, input.id)),

  /** Reachable, TLS, credentials, push right: each with its own answer (seed 0 section 2.2). */
  check: personal
    .input(checkedTargetSchema)
    .output(targetCheckSchema)
    .mutation(({ ctx, input, signal }) => ctx.services.targets.check(ctx.actor, input, signal ?? ctx.closing)),
})
