import { tracked } from "@trpc/server"
import { z } from "zod"
import { accessFilterSchema, accessNewsSchema, accessPageSchema, accessQuerySchema } from "../schemas/access-log.ts"
import { placeShape, streamOf } from "../schemas/stream.ts"
import { sequenceOf } from "../sequence-of.ts"
import { personal, router } from "../trpc.ts"

export const accessLogRouter = router({
  list: personal
    .input(accessQuerySchema)
    .output(accessPageSchema)
    .query(async ({ ctx, input }) => {
      const { accessLog } = ctx.services
      return { ...(await accessLog.list(ctx.actor, input)), dropped: accessLog.dropped(ctx.actor) }
    }),

  /** What comes from now on, or after that entry, tracked by the number of the newest. Does not end. */
  follow: personal
    .input(accessFilterSchema.extend(placeShape).default({}))
    .output(streamOf(accessNewsSchema))
    .subscription(async function* ({ ctx, input: { after, lastEventId, ...filter }, signal }) {
      const place = ctx.streams.enter(ctx.actor, signal)
      try {
        const options = { after: sequenceOf(lastEventId) ?? after, signal: place.signal }
        for await (const news of ctx.services.accessLog.follow(ctx.actor, filter, options)) {
          yield tracked(String(news.lastId), news)
        }
        place.signal.throwIfAborted()
      } finally {
        place.leave()
      }
    }),

  /** Returns how many entries that were. */
  clear: personal
    .output(z.object({ removed: z.number() }))
    .mutation(async ({ ctx }) => ({ removed: await ctx.services.accessLog.clear(ctx.actor) })),
})
