import { z } from "zod"
import { accessPageSchema, accessQuerySchema } from "../schemas/access-log.ts"
import { personal, router } from "../trpc.ts"

export const accessLogRouter = router({
  list: personal
    .input(accessQuerySchema)
    .output(accessPageSchema)
    .query(async ({ ctx, input }) => {
      const { accessLog } = ctx.services
      return { ...(await accessLog.list(ctx.actor, input)), dropped: accessLog.dropped(ctx.actor) }
    }),

  /** Returns how many entries that were. */
  clear: personal
    .output(z.object({ removed: z.number() }))
    .mutation(async ({ ctx }) => ({ removed: await ctx.services.accessLog.clear(ctx.actor) })),
})
