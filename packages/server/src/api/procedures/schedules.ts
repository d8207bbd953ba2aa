import { z } from "zod"
import { idSchema, jobSchema } from "../schemas/job.ts"
import { scheduleChangesSchema, scheduleInputSchema, scheduleSchema } from "../schemas/schedule.ts"
import { personal, router } from "../trpc.ts"

const oneSchedule = z.object({ id: idSchema })

export const schedulesRouter = router({
  list: personal.output(z.array(scheduleSchema).readonly()).query(({ ctx }) => ctx.services.schedules.list(ctx.actor)),

  get: personal
    .input(oneSchedule)
    .output(scheduleSchema)
    .query(({ ctx, input }) => ctx.services.schedules.get(ctx.actor, input.id)),

  create: personal
    .input(scheduleInputSchema)
    .output(scheduleSchema)
    .mutation(({ ctx, input }) => ctx.services.schedules.create(ctx.actor, input)),

  update: personal
    .input(scheduleChangesSchema)
    .output(scheduleSchema)
    .mutation(({ ctx, input }) => ctx.services.schedules.update(ctx.actor, input.id, input.changes)),

  remove: personal
    .input(oneSchedule)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.schedules.remove(ctx.actor, input.id)),

  /** Its job now, whatever the clock says. */
  runNow: personal
    .input(oneSchedule)
    .output(jobSchema)
    .mutation(({ ctx, input }) => ctx.services.schedules.runNow(ctx.actor, input.id)),
})
