import { and, eq, type SQL, sql } from "drizzle-orm"
import { type Context, rows, type Work } from "../engine/engine.ts"
import type { Tally } from "./statistics-store.ts"

/** Some of what a meter counts. */
type Part<Name extends keyof Tally> = Readonly<Record<Name, number>>

/** How far a meter moved from each hour to the next. */
export interface Movement<Name extends keyof Tally> {
  readonly side: string
  readonly host: string
  readonly steps: readonly Part<Name>[]
}

/** Reads meters at these hours, and tells what they counted between them: one look-up for each meter and hour, whatever lies between. */
export function* readMeters<Name extends keyof Tally>(
  context: Context,
  which: SQL | undefined,
  hours: readonly number[],
  names: readonly Name[],
): Work<readonly Movement<Name>[]> {
  const { db, tables } = context
  const { meters, meterReadings } = tables
  const asked = hours.map((hour, index) => sql`(cast(${hour} as bigint), cast(${index} as bigint))`)
  const last = sql`(
    select max(earlier.hour) from ${meterReadings} earlier where earlier.meter_id = ${meters.id} and earlier.hour < asked.column1
  )`
  const columns = Object.fromEntries(names.map((name) => [name, meterReadings[name]]))
  const found = yield* rows(
    db
      .select({ index: sql`asked.column2`.mapWith(Number), meterId: meterReadings.meterId, ...columns })
      .from(meters)
      .crossJoin(sql`(values ${sql.join(asked, sql`, `)}) as asked`)
      .innerJoin(meterReadings, and(eq(meterReadings.meterId, meters.id), eq(meterReadings.hour, last)))
      .where(which),
  )
  const readings = new Map<number, Part<Name>[]>()
  for (const reading of found) {
    const own = readings.get(reading.meterId) ?? []
    own[reading.index] = reading as unknown as Part<Name>
    readings.set(reading.meterId, own)
  }
  const named = yield* rows(db.select().from(meters).where(which))
  return named.map(({ id, side, host }) => ({ side, host, steps: stepsOf(readings.get(id) ?? [], hours.length - 1, names) }))
}

/** There is no reading for hours before the first job. */
function stepsOf<Name extends keyof Tally>(
  readings: readonly (Part<Name> | undefined)[],
  count: number,
  names: readonly Name[],
): readonly Part<Name>[] {
  return Array.from({ length: count }, (_, index) => {
    const [before, after] = [readings[index], readings[index + 1]]
    const step = {} as Record<Name, number>
    for (const name of names) step[name] = (after?.[name] ?? 0) - (before?.[name] ?? 0)
    return step
  })
}
