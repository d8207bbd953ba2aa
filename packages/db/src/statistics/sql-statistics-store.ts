import { and, eq, getTableColumns, inArray, or, type SQL, sql } from "drizzle-orm"
import { type Context, type Engine, rows, type Work } from "../engine/engine.ts"
import type { Visibility } from "../jobs/job-store.ts"
import { nothing, ownerOf, tallyOf } from "./meters.ts"
import type { Copied, HostSide, HostTally, StatisticsStore, Tally } from "./statistics-store.ts"

/** Statistics over either dialect: each step is a difference of two readings, however many jobs ended in it. */
export class SqlStatisticsStore implements StatisticsStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  tallies(visibility: Visibility, hours: readonly number[]) {
    const ownerId = ownerOf(visibility)
    const ends = [hours[0] ?? 0, hours.at(-1) ?? 0]
    return this.#engine.read(function* (context) {
      const { meters } = context.tables
      const [all] = yield* readMeters(context, and(eq(meters.ownerId, ownerId), eq(meters.side, "all")), hours)
      const hosts = yield* readMeters(context, and(eq(meters.ownerId, ownerId), inArray(meters.side, ["source", "target"])), ends)
      return {
        steps: differences(all?.readings ?? [], hours.length),
        hosts: hosts.flatMap(({ side, host, readings }): HostTally[] => {
          const [tally = nothing] = differences(readings, ends.length)
          const isIdle = tally.succeeded + tally.unchanged + tally.failed + tally.cancelled === 0
          return isIdle ? [] : [{ side: side as HostSide["side"], host, ...tally }]
        }),
      }
    })
  }

  async copied(
    visibility: Visibility,
    places: readonly HostSide[],
    hours: readonly number[],
  ): Promise<readonly (readonly Copied[])[]> {
    if (places.length === 0) return []
    const ownerId = ownerOf(visibility)
    const found = await this.#engine.read((context) => {
      const { meters } = context.tables
      const named = places.map(({ side, host }) => and(eq(meters.side, side), eq(meters.host, host)))
      return readMeters(context, and(eq(meters.ownerId, ownerId), or(...named)), hours)
    })
    return places.map(({ side, host }) => {
      const meter = found.find((each) => each.side === side && each.host === host)
      return differences(meter?.readings ?? [], hours.length)
    })
  }
}

interface Meter {
  readonly side: string
  readonly host: string
  /** How far it had come when each of the hours began; a hole before its first reading. */
  readonly readings: readonly (Tally | undefined)[]
}

/** These meters at these hours. */
function* readMeters(context: Context, which: SQL | undefined, hours: readonly number[]): Work<readonly Meter[]> {
  const { db, tables } = context
  const { meters, meterReadings } = tables
  const asked = hours.map((hour, index) => sql`(cast(${hour} as bigint), cast(${index} as bigint))`)
  const last = sql`(
    select max(earlier.hour) from ${meterReadings} earlier where earlier.meter_id = ${meters.id} and earlier.hour < asked.column1
  )`
  const { hour: _, ...reading } = getTableColumns(meterReadings)
  const found = yield* rows(
    db
      .select({ index: sql`asked.column2`.mapWith(Number), ...reading })
      .from(meters)
      .crossJoin(sql`(values ${sql.join(asked, sql`, `)}) as asked`)
      .innerJoin(meterReadings, and(eq(meterReadings.meterId, meters.id), eq(meterReadings.hour, last)))
      .where(which),
  )
  const readings = new Map<number, Tally[]>()
  for (const { index, meterId, ...tally } of found) {
    const own = readings.get(meterId) ?? []
    own[index] = tally
    readings.set(meterId, own)
  }
  const named = yield* rows(db.select().from(meters).where(which))
  return named.map(({ id, side, host }) => ({ side, host, readings: readings.get(id) ?? [] }))
}

/** What was added from each reading to the next. */
function differences(readings: Meter["readings"], count: number): readonly Tally[] {
  return Array.from({ length: count - 1 }, (_, index) => {
    const [before, after] = [readings[index] ?? nothing, readings[index + 1] ?? nothing]
    return tallyOf((name) => after[name] - before[name])
  })
}
