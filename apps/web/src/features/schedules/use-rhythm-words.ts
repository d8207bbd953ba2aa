"use client"

import { useFormatter, useTranslations } from "next-intl"
import { clockOf, readRhythm } from "./cron-rhythm.ts"

/** A Sunday, from which weekdays are counted. */
const sunday = Date.UTC(2026, 0, 4)
const dayMs = 24 * 60 * 60 * 1000

/** Makes the name of a weekday; 0 is Sunday. */
export function useWeekdayWord(): (weekday: number) => string {
  const format = useFormatter()
  return (weekday) => format.dateTime(sunday + weekday * dayMs, { weekday: "short", timeZone: "UTC" })
}

/** Makes words of a cron expression: `every day at 03:00`. Undefined for one that is better shown as it is written. */
export function useRhythmWords(): (cron: string) => string | undefined {
  const say = useTranslations("schedules.rhythm")
  const format = useFormatter()
  const weekdayWord = useWeekdayWord()
  return (cron) => {
    const rhythm = readRhythm(cron)
    switch (rhythm?.every) {
      case "minutes":
        return say("minutes", { count: rhythm.count })
      case "hours":
        return say("hours", { count: rhythm.count, minute: String(rhythm.minute).padStart(2, "0") })
      case "day":
        return say("day", { time: clockOf(rhythm) })
      case "week":
        return say("week", { weekdays: format.list(rhythm.weekdays.map(weekdayWord)), time: clockOf(rhythm) })
      case "month":
        return say("month", { day: rhythm.day, time: clockOf(rhythm) })
      default:
        return undefined
    }
  }
}
