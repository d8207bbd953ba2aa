import { z } from "zod"
import { settingValues } from "../../settings/saved-settings.ts"
import type { SettingsChanges, SettingsView } from "../../settings/settings-service.ts"

/** Settings that can be changed while the server runs. */

const viewOf = <Value extends z.ZodType>(value: Value) => z.object({ value, configured: value, saved: z.boolean() })

const wholeOrNone = z.number().nullable()

export const settingsSchema = z
  .object({
    jobConcurrency: viewOf(z.number()),
    jobsPerOwner: viewOf(wholeOrNone),
    limitRate: viewOf(wholeOrNone),
    keepDays: viewOf(wholeOrNone),
  })
  .meta({ id: "Settings" }) satisfies z.ZodType<SettingsView>

const configured = z.literal("configured")

export const settingsChangesSchema = z.strictObject({
  jobConcurrency: settingValues.jobConcurrency.or(configured).exactOptional(),
  jobsPerOwner: settingValues.jobsPerOwner.or(configured).exactOptional(),
  limitRate: settingValues.limitRate.or(configured).exactOptional(),
  keepDays: settingValues.keepDays.or(configured).exactOptional(),
}) satisfies z.ZodType<SettingsChanges>
