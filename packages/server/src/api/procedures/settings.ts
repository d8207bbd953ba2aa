import { settingsChangesSchema, settingsSchema } from "../schemas/settings.ts"
import { personal, router } from "../trpc.ts"

export const settingsRouter = router({
  get: personal.output(settingsSchema).query(({ ctx }) => ctx.services.settings.get(ctx.actor)),

  update: personal
    .input(settingsChangesSchema)
    .output(settingsSchema)
    .mutation(({ ctx, input }) => ctx.services.settings.update(ctx.actor, input)),
})
