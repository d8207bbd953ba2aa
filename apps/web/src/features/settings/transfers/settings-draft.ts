import type { Settings, SettingsChanges } from "@entrepot/client"
import { parseRate } from "@entrepot/core/progress"
import { formatRate } from "./format-rate.ts"

/** Settings in the order in which they are shown. */
export const settingNames = ["jobConcurrency", "jobsPerOwner", "limitRate", "keepDays"] as const

export type SettingName = (typeof settingNames)[number]

/** Settings as they are being typed; empty: no limit. */
export type SettingsDraft = Readonly<Record<SettingName, string>>

/** What of a draft cannot be saved. */
export type SettingsProblems = Partial<Readonly<Record<SettingName, "whole" | "rate">>>

/** Bounds of the whole numbers; the application's own (settings/saved-settings.ts of the server). */
export const bounds = { jobConcurrency: [1, 64], jobsPerOwner: [1, 64], keepDays: [1, 36_500] } as const

/** A value as it is typed and shown; empty for no limit. */
export function settingText(name: SettingName, value: number | null): string {
  if (value === null) return ""
  return name === "limitRate" ? formatRate(value) : String(value)
}

/** What the form begins with. */
export function draftOfSettings(settings: Settings): SettingsDraft {
  return {
    jobConcurrency: settingText("jobConcurrency", settings.jobConcurrency.value),
    jobsPerOwner: settingText("jobsPerOwner", settings.jobsPerOwner.value),
    limitRate: settingText("limitRate", settings.limitRate.value),
    keepDays: settingText("keepDays", settings.keepDays.value),
  }
}

/** What the draft changes, and what of it cannot be saved. */
export function changesOfSettings(
  settings: Settings,
  draft: SettingsDraft,
): { readonly changes: SettingsChanges; readonly problems: SettingsProblems } {
  const changes = new Map<SettingName, number | null>()
  const problems = new Map<SettingName, "whole" | "rate">()
  for (const name of settingNames) {
    const value = readSetting(name, draft[name])
    if (value === undefined) problems.set(name, name === "limitRate" ? "rate" : "whole")
    else if (value !== settings[name].value) changes.set(name, value)
  }
  return { changes: Object.fromEntries(changes), problems: Object.fromEntries(problems) }
}

/** Undefined for what cannot be saved. */
function readSetting(name: SettingName, text: string): number | null | undefined {
  const typed = text.trim()
  if (typed === "") return name === "jobConcurrency" ? undefined : null
  if (name === "limitRate") return parseRate(typed)
  const [least, most] = bounds[name]
  const value = /^\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN
  return value >= least && value <= most ? value : undefined
}
