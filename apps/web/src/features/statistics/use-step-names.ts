"use client"

import type { StatisticsOverview } from "@entrepot/client"
import { useFormatter } from "next-intl"

/** What a step is called: below its bar, and in full. */
export function useStepNames(step: StatisticsOverview["step"]) {
  const format = useFormatter()
  const isHour = step === "hour"
  return {
    short: (at: number) =>
      format.dateTime(
        at,
        isHour ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { month: "numeric", day: "numeric" },
      ),
    long: (at: number) =>
      format.dateTime(at, {
        year: "numeric",
        month: "short",
        day: "numeric",
        ...(isHour ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { weekday: "short" }),
      }),
  }
}
