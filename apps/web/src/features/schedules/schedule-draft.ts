import type { Schedule, ScheduleInput } from "@entrepot/client"
import { type CronRhythm, clockOf, cronOfRhythm, readRhythm } from "./cron-rhythm.ts"

/** How often, as it is chosen; `custom` is a cron expression of one's own. */
export const frequencies = ["hour", "sixHours", "day", "week", "month", "custom"] as const

export type Frequency = (typeof frequencies)[number]

/** A schedule as it is being typed. */
export interface ScheduleDraft {
  readonly name: string
  readonly image: string
  readonly frequency: Frequency
  /** `03:00`. */
  readonly time: string
  /** 0 is Sunday. */
  readonly weekdays: readonly number[]
  readonly day: number
  readonly cron: string
  readonly timeZone: string
  /** Undefined: not chosen yet. Null: the default target of the configuration. */
  readonly targetId: number | null | undefined
  readonly platforms: string
}

/** What the form begins with: a saved schedule, or every night at three where the reader is. */
export function draftOfSchedule(schedule: Schedule | undefined, timeZone: string): ScheduleDraft {
  const usual = { time: "03:00", weekdays: [1], day: 1 }
  if (schedule === undefined) {
    const empty = { name: "", image: "", cron: "0 3 * * *", platforms: "" }
    return { ...empty, ...usual, frequency: "day", timeZone, targetId: undefined }
  }
  return {
    ...usual,
    ...choiceOf(readRhythm(schedule.cron)),
    name: schedule.name,
    image: schedule.request.image,
    cron: schedule.cron,
    timeZone: schedule.timeZone,
    targetId: schedule.targetId,
    platforms: schedule.request.platforms?.join(", ") ?? "",
  }
}

function choiceOf(rhythm: CronRhythm | undefined): Partial<ScheduleDraft> & { readonly frequency: Frequency } {
  switch (rhythm?.every) {
    case "hours":
      if (rhythm.minute !== 0 || (rhythm.count !== 1 && rhythm.count !== 6)) return { frequency: "custom" }
      return { frequency: rhythm.count === 1 ? "hour" : "sixHours" }
    case "day":
      return { frequency: "day", time: clockOf(rhythm) }
    case "week":
      return { frequency: "week", time: clockOf(rhythm), weekdays: rhythm.weekdays }
    case "month":
      return { frequency: "month", time: clockOf(rhythm), day: rhythm.day }
    default:
      return { frequency: "custom" }
  }
}

/** The cron expression that was chosen. */
export function cronOf({ frequency, time, weekdays, day, cron }: ScheduleDraft): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number)
  switch (frequency) {
    case "hour":
      return cronOfRhythm({ every: "hours", count: 1, minute: 0 })
    case "sixHours":
      return cronOfRhythm({ every: "hours", count: 6, minute: 0 })
    case "day":
      return cronOfRhythm({ every: "day", hour, minute })
    case "week":
      return cronOfRhythm({ every: "week", weekdays, hour, minute })
    case "month":
      return cronOfRhythm({ every: "month", day, hour, minute })
    case "custom":
      return cron.trim()
  }
}

/** The platforms that were typed, by commas or blanks; undefined where one is none. */
export function readPlatforms(text: string): readonly string[] | undefined {
  const platforms = text.split(/[\s,，、]+/).filter((part) => part !== "")
  return platforms.every((platform) => /^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9.]+)?$/.test(platform)) ? platforms : undefined
}

/** What is asked to be saved; what a saved schedule asks for besides stays, but the name of another image does not. */
export function inputOfSchedule(draft: ScheduleDraft, saved?: Schedule): ScheduleInput {
  const image = draft.image.trim()
  const platforms = readPlatforms(draft.platforms) ?? []
  const { image: before, platforms: _, targetImage, ...rest } = saved?.request ?? { image }
  return {
    name: draft.name.trim(),
    cron: cronOf(draft),
    timeZone: draft.timeZone,
    targetId: draft.targetId ?? null,
    request: {
      ...rest,
      image,
      ...(targetImage === undefined || before !== image ? {} : { targetImage }),
      ...(platforms.length === 0 ? {} : { platforms }),
    },
  }
}
