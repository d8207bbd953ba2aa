import { z } from "zod"
import { idSchema } from "../schemas/job.ts"
import {
  deliveryPageSchema,
  deliveryQuerySchema,
  deliverySchema,
  deliveryViewSchema,
  webhookChangesSchema,
  webhookInputSchema,
  webhookListSchema,
  webhookSchema,
} from "../schemas/webhook.ts"
import { personal, router } from "../trpc.ts"

const one = z.object({ id: idSchema })

export const webhooksRouter = router({
  list: personal.output(webhookListSchema).query(async ({ ctx }) => ({
    webhooks: await ctx.services.webhooks.list(ctx.actor),
    keepsSecrets: ctx.services.webhooks.keepsSecrets,
  })),

  create: personal
    .input(webhookInputSchema)
    .output(webhookSchema)
    .mutation(({ ctx, input }) => ctx.services.webhooks.create(ctx.actor, input)),

  update: personal
    .input(webhookChangesSchema)
    .output(webhookSchema)
    .mutation(({ ctx, input }) => ctx.services.webhooks.update(ctx.actor, input.id, input.changes)),

  remove: personal
    .input(one)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.webhooks.remove(ctx.actor, input.id)),

  /** Sends a message now; answers when its first try has ended. */
  test: personal
    .input(one)
    .output(deliverySchema)
    .mutation(({ ctx, input }) => ctx.services.webhooks.test(ctx.actor, input.id)),

  deliveries: personal
    .input(deliveryQuerySchema)
    .output(deliveryPageSchema)
    .query(({ ctx, input }) => ctx.services.webhooks.deliveries(ctx.actor, input)),

  delivery: personal
    .input(one)
    .output(deliveryViewSchema)
    .query(({ ctx, input }) => ctx.services.webhooks.delivery(ctx.actor, input.id)),

  redeliver: personal
    .input(one)
    .output(deliverySchema)
    .mutation(({ ctx, input }) => ctx.services.webhooks.redeliver(ctx.actor, input.id)),
})
