import { z } from "zod"
import type { ScheduleView } from "../../schedules/schedule-service.ts"
import { idSchema, mirrorRequestSchema } from "./job.ts"

/** Without logins: nobody would remember them until the clock strikes. */
const scheduledRequestSchema = mirrorRequestSchema.omit({ target: true, sourceLogin: true })

export const scheduleSchema = z
  .object({
    id: z.number(),
    ownerId: z.number(),
    name: z.string(),
    cron: z.string(),
    timeZone: z.string(),
    request: scheduledRequestSchema,
    targetId: z.number().nullable(),
    enabled: z.boolean(),
    lastAt: z.number().nullable(),
    nextAt: z.number().nullable(),
    createdAt: z.number(),
    updatedAt: z.number(),
  })
  .meta({ id: "Schedule" }) satisfies z.ZodType<ScheduleView>

const optionsShape = {
  timeZone: z.string().max(64).exactOptional(),
  targetId: idSchema.nullable().exactOptional(),
  enabled: z.boolean().exactOptional(),
}

export const scheduleInputSchema = z.object({
  name: z.string().min(1).max(128),
  cron: z.string().min(1).max(128),
  request: scheduledRequestSchema,
  ...optionsShape,
})

export const scheduleChangesSchema = z.object({
  id: idSchema,
  changes: z.object({
    name: z.string().min(1).max(128).exactOptional(),
    cron: z.string().min(1).max(128).exactOptional(),
    request: scheduledRequestSchema.exactOptional(),
    ...optionsShape,
  }),
})
