import { Cron } from "croner"
import { ServiceError } from "../errors/service-error.ts"
import { isTimeZone } from "./time-zone.ts"

const longestExpression = 256

/** The times that a cron expression names, in the clock of a time zone. */
interface CronTimes {
  /** First time after that one; milliseconds since 1970. Null when there is none. */
  after(time: number): number | null
}

/** @throws ServiceError `invalid` for anything but five fields (or `@daily` and its like) and a known time zone, and for what never comes. */
export function parseCron(expression: string, timeZone: string, now: number): CronTimes {
  if (expression.length > longestExpression) {
    throw new ServiceError("invalid", `a cron expression has at most ${longestExpression} characters`)
  }
  if (!isTimeZone(timeZone)) throw new ServiceError("invalid", "this time zone is not known; Asia/Shanghai is one")
  const cron = read(expression, timeZone)
  const times = { after: (time: number) => cron.nextRun(new Date(time))?.getTime() ?? null }
  if (times.after(now) === null) throw new ServiceError("invalid", "this time never comes; look at day and month")
  return times
}

function read(expression: string, timezone: string): Cron {
  // A date is no repetition, although the library takes one.
  const isPattern = /^(@\w+|[\w*/,?#-]+( +[\w*/,?#-]+){4})$/.test(expression.trim())
  try {
    if (isPattern) return new Cron(expression.trim(), { timezone, mode: "5-part", paused: true })
  } catch (cause) {
    throw new ServiceError("invalid", notCron, { cause })
  }
  throw new ServiceError("invalid", notCron)
}

const notCron = "this is no cron expression: it has five fields, minute, hour, day, month and weekday, as in 0 3 * * *"
