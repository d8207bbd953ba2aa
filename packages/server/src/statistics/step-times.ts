import { ServiceError } from "../errors/service-error.ts"
import { isTimeZone } from "../schedules/time-zone.ts"
import type { StatisticsQuery } from "./statistics-service.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** No clock was ever put forward or back by more. */
const longestDayMs = 27 * hourMs
const mostSteps = 400

/**
 * When the steps begin that these times touch, and last of all when they end; milliseconds since 1970. A day begins at the zone's midnight, or at the
 * first moment after it where clocks are put forward then, and may have 23 or 25 hours.
 * @throws ServiceError `invalid`.
 */
export function stepTimes({
  since,
  until,
  step,
  timeZone = "UTC",
}: StatisticsQuery & { readonly until: number }): readonly number[] {
  if (!isTimeZone(timeZone)) throw new ServiceError("invalid", "this time zone is not known; Asia/Shanghai is one")
  if (until <= since) throw new ServiceError("invalid", "the time ends before it begins")
  const { begin, next } = step === "hour" ? hours : daysOf(timeZone)
  const times = [begin(since)]
  for (let last = times[0] ?? since; last < until; times.push(last)) {
    if (times.length > mostSteps) throw new ServiceError("invalid", `more than ${mostSteps} steps are not told at once`)
    last = next(last)
  }
  return times
}

/** Where the step begins that a time lies in, and where the one after a step begins. */
interface Calendar {
  begin(time: number): number
  next(begin: number): number
}

const hours: Calendar = {
  begin: (time) => Math.floor(time / hourMs) * hourMs,
  next: (begin) => begin + hourMs,
}

function daysOf(timeZone: string): Calendar {
  // The Swedish write dates so that they sort: 2024-01-15.
  const format = new Intl.DateTimeFormat("sv", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" })
  const dateAt = (time: number): string => format.format(time)
  return {
    begin: (time) => {
      const date = dateAt(time)
      return firstWhere((each) => dateAt(each) >= date, time - longestDayMs, time)
    },
    next: (begin) => {
      const date = dateAt(begin)
      const usual = begin + dayMs
      if (dateAt(usual) > date && dateAt(usual - 1) === date) return usual
      return firstWhere((each) => dateAt(each) > date, begin, begin + longestDayMs)
    },
  }
}

/** The first moment of which that is true, which it is not at `before`, and from there to `after`. */
function firstWhere(isTrue: (time: number) => boolean, before: number, after: number): number {
  let [low, high] = [before, after]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isTrue(middle)) high = middle
    else low = middle
  }
  return high
}
