import type { StatisticsOverview } from "@entrepot/client"

/** How far back one can look. */
export const periods = ["24h", "7d", "30d", "90d", "365d"] as const

export type Period = (typeof periods)[number]

const hourMs = 3_600_000
const hours: Record<Period, number> = { "24h": 24, "7d": 7 * 24, "30d": 30 * 24, "90d": 90 * 24, "365d": 365 * 24 }

/** The period that an address names; thirty days where it names none. */
export function periodOf(text: string | null): Period {
  return periods.find((period) => period === text) ?? "30d"
}

/** What to ask for a period: from the hour's beginning, so that asking again within it is the same question. Hours for a day, else days. */
export function statisticsQuery(period: Period, now: number, timeZone: string) {
  const thisHour = Math.floor(now / hourMs) * hourMs
  const step: StatisticsOverview["step"] = period === "24h" ? "hour" : "day"
  return { since: thisHour - (hours[period] - 1) * hourMs, step, timeZone } as const
}

/** Where days begin for whoever looks. */
export const localTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** The two halves of what this server does. */
export const halves = ["mirrored", "served"] as const

export type Half = (typeof halves)[number]

/** The half that an address names; what was mirrored where it names none. */
export function halfOf(text: string | null): Half {
  return halves.find((half) => half === text) ?? "mirrored"
}

/** Where a half and a period are shown. */
export function statisticsPath(half: Half, period: Period): string {
  return `/statistics?of=${half}&period=${period}`
}
