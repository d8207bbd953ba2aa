import { z } from "zod"
import { idSchema } from "../schemas/job.ts"
import {
  checkedUpstreamSchema,
  upstreamChangesSchema,
  upstreamCheckSchema,
  upstreamInputSchema,
  upstreamListSchema,
  upstreamSchema,
} from "../schemas/upstream.ts"
import { personal, router } from "../trpc.ts"

const oneUpstream = z.object({ id: idSchema })

export const upstreamsRouter = router({
  list: personal.output(upstreamListSchema).query(async ({ ctx }) => ({
    upstreams: await ctx.services.upstreams.list(ctx.actor),
    keepsPasswords: ctx.services.upstreams.keepsPasswords,
  })),

  get: personal
    .input(oneUpstream)
    .output(upstreamSchema)
    .query(({ ctx, input }) => ctx.services.upstreams.get(ctx.actor, input.id)),

  create: personal
    .input(upstreamInputSchema)
    .output(upstreamSchema)
    .mutation(({ ctx, input }) => ctx.services.upstreams.create(ctx.actor, input)),

  update: personal
    .input(upstreamChangesSchema)
    .output(upstreamSchema)
    .mutation(({ ctx, input }) => ctx.services.upstreams.update(ctx.actor, input.id, input.changes)),

  remove: personal
    .input(oneUpstream)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.upstreams.remove(ctx.actor, input.id)),

  /** Some of one registry, in the order in which they are to be asked. */
  order: personal
    .input(z.object({ ids: z.array(idSchema).min(1).max(200).readonly() }))
    .output(upstreamListSchema)
    .mutation(async ({ ctx, input }) => ({
      upstreams: await ctx.services.upstreams.order(ctx.actor, input.ids),
      keepsPasswords: ctx.services.upstreams.keepsPasswords,
    })),

  /** Reachable, TLS, credentials: each with its own answer. */
  check: personal
    .input(checkedUpstreamSchema)
    .output(upstreamCheckSchema)
    .mutation(({ ctx, input, signal }) => ctx.services.upstreams.check(ctx.actor, input, signal ?? ctx.closing)),
})
