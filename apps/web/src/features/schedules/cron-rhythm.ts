/** A cron expression that is easily said. Hours and minutes are those of the schedule's own time zone. */
export type CronRhythm =
  | { readonly every: "minutes"; readonly count: number }
  | { readonly every: "hours"; readonly count: number; readonly minute: number }
  | { readonly every: "day"; readonly hour: number; readonly minute: number }
  | { readonly every: "week"; readonly weekdays: readonly number[]; readonly hour: number; readonly minute: number }
  | { readonly every: "month"; readonly day: number; readonly hour: number; readonly minute: number }

const names: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
}

const weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

/** The rhythm of a cron expression; undefined for one that is better shown as it is written. Weekdays: 0 is Sunday. */
export function readRhythm(cron: string): CronRhythm | undefined {
  const trimmed = cron.trim().toLowerCase()
  const fields = (Object.hasOwn(names, trimmed) ? (names[trimmed] ?? "") : trimmed).split(/ +/)
  const [minuteText = "", hourText = "", dayText = "", month = "", weekdayText = ""] = fields
  if (fields.length !== 5 || month !== "*") return undefined
  const isEveryDay = dayText === "*" && weekdayText === "*"
  const minutes = stepOf(minuteText, 60)
  if (minutes !== undefined && hourText === "*" && isEveryDay) return { every: "minutes", count: minutes }
  const minute = numberOf(minuteText, 0, 59)
  if (minute === undefined) return undefined
  const hours = stepOf(hourText, 24)
  if (hours !== undefined && isEveryDay) return { every: "hours", count: hours, minute }
  const hour = numberOf(hourText, 0, 23)
  if (hour === undefined) return undefined
  if (isEveryDay) return { every: "day", hour, minute }
  const weekdays = weekdaysOf(weekdayText)
  if (dayText === "*") return weekdays === undefined ? undefined : { every: "week", weekdays, hour, minute }
  const day = numberOf(dayText, 1, 31)
  return day === undefined || weekdayText !== "*" ? undefined : { every: "month", day, hour, minute }
}

/** The expression of a rhythm. */
export function cronOfRhythm(rhythm: CronRhythm): string {
  switch (rhythm.every) {
    case "minutes":
      return rhythm.count === 1 ? "* * * * *" : `*/${rhythm.count} * * * *`
    case "hours":
      return `${rhythm.minute} ${rhythm.count === 1 ? "*" : `*/${rhythm.count}`} * * *`
    case "day":
      return `${rhythm.minute} ${rhythm.hour} * * *`
    case "week":
      return `${rhythm.minute} ${rhythm.hour} * * ${rhythm.weekdays.join(",")}`
    case "month":
      return `${rhythm.minute} ${rhythm.hour} ${rhythm.day} * *`
  }
}

/** `03:05`. */
export function clockOf({ hour, minute }: { readonly hour: number; readonly minute: number }): string {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`
}

function numberOf(text: string, least: number, most: number): number | undefined {
  if (!/^\d{1,2}$/.test(text)) return undefined
  const value = Number(text)
  return value >= least && value <= most ? value : undefined
}

/** Every one, or each sixth where that comes out even: else the last pause of the day is a shorter one. */
function stepOf(text: string, of: number): number | undefined {
  if (text === "*") return 1
  const step = text.startsWith("*/") ? numberOf(text.slice(2), 2, of - 1) : undefined
  return step !== undefined && of % step === 0 ? step : undefined
}

function weekdaysOf(text: string): readonly number[] | undefined {
  const days = new Set<number>()
  for (const part of text.split(",")) {
    const [from, to = from, ...more] = part.split("-").map(weekdayOf)
    if (from === undefined || to === undefined || more.length > 0 || to < from) return undefined
    for (let day = from; day <= to; day++) days.add(day % 7)
  }
  return [...days].toSorted((a, b) => a - b)
}

function weekdayOf(text: string): number | undefined {
  const named = weekdayNames.indexOf(text)
  return named === -1 ? numberOf(text, 0, 7) : named
}
