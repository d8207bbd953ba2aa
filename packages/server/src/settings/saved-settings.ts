import { slowestRate } from "@entrepot/core"
import { z } from "zod"
import type { Configuration } from "../configuration/configuration.ts"

/** What settings that can be changed while the server runs may be; the bounds of configuration/settings.ts. Null: no limit. */
export const settingValues = {
  /** Jobs at once, in each process. */
  jobConcurrency: z.int().min(1).max(64),
  /** Jobs of one owner at once. */
  jobsPerOwner: z.int().min(1).max(64).nullable(),
  /** Bytes a second over all jobs of a process. */
  limitRate: z.int().min(slowestRate).nullable(),
  /** Days after which ended jobs are forgotten. */
  keepDays: z.int().min(1).max(36_500).nullable(),
} as const

const savedSettingsSchema = z.object({
  jobConcurrency: settingValues.jobConcurrency.exactOptional(),
  jobsPerOwner: settingValues.jobsPerOwner.exactOptional(),
  limitRate: settingValues.limitRate.exactOptional(),
  keepDays: settingValues.keepDays.exactOptional(),
})

/** What is saved over the configuration; what is absent is as configured. */
export type SavedSettings = Readonly<z.infer<typeof savedSettingsSchema>>

/** The values that hold now. */
export type SettingsInForce = Readonly<Required<SavedSettings>>

/** Takes what may be saved, and drops names that are none of these settings. @throws ZodError for values out of bounds. */
export function checkSavedSettings(values: unknown): SavedSettings {
  return savedSettingsSchema.parse(values)
}

/** What environment, config.toml and defaults say of these settings. */
export function configuredSettings({ jobs }: Pick<Configuration, "jobs">): SettingsInForce {
  return {
    jobConcurrency: jobs.concurrency,
    jobsPerOwner: jobs.perOwner ?? null,
    limitRate: jobs.limitRate ?? null,
    keepDays: jobs.keepDays ?? null,
  }
}
