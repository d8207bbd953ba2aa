import { and, gte, lt, or, type SQL, sql } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import { type Context, rows, type Work } from "../engine/engine.ts"
import { servedNames, upstreamNames } from "./served-names.ts"
import type { ServedTally, UpstreamTally } from "./served-store.ts"
import { daysWithin, type Span } from "./utc-days.ts"

/** One tally a step between these hours: each hour is read once. */
export function* readSteps({ db, tables }: Context, hours: readonly number[]): Work<readonly ServedTally[]> {
  const { servedHours } = tables
  const steps = hours.slice(1).map((until, index) => ({ from: hours[index] ?? until, until }))
  if (steps.length === 0) return []
  const asked = steps.map(
    ({ from, until }, index) => sql`(cast(${from} as bigint), cast(${until} as bigint), cast(${index} as bigint))`,
  )
  const found = yield* rows(
    db
      .select({ index: sql`asked.column3`.mapWith(Number), ...sumsOf(servedHours, servedNames) })
      .from(sql`(values ${sql.join(asked, sql`, `)}) as asked`)
      .crossJoin(servedHours)
      .where(and(sql`${servedHours.hour} >= asked.column1`, sql`${servedHours.hour} < asked.column2`))
      .groupBy(sql`asked.column3`),
  )
  const tallies: ServedTally[] = steps.map(() => none)
  for (const { index, ...tally } of found) tallies[index] = tally
  return tallies
}

/** What each upstream did between two hours: whole days by the day, the rest by the hour. */
export function* readUpstreams({ db, tables }: Context, hours: Span): Work<readonly UpstreamTally[]> {
  const { upstreamHours, upstreamDays } = tables
  const parts = daysWithin(hours)
  const found = [
    ...(yield* rows(
      db
        .select({ host: upstreamDays.host, ...sumsOf(upstreamDays, upstreamNames) })
        .from(upstreamDays)
        .where(within(upstreamDays.day, [parts.days]))
        .groupBy(upstreamDays.host),
    )),
    ...(yield* rows(
      db
        .select({ host: upstreamHours.host, ...sumsOf(upstreamHours, upstreamNames) })
        .from(upstreamHours)
        .where(within(upstreamHours.hour, parts.hours))
        .groupBy(upstreamHours.host),
    )),
  ]
  const tallies = new Map<string, UpstreamTally>()
  for (const each of found) {
    const before = tallies.get(each.host)
    const sums = upstreamNames.map((name) => [name, each[name] + (before?.[name] ?? 0)])
    tallies.set(each.host, { host: each.host, ...(Object.fromEntries(sums) as Omit<UpstreamTally, "host">) })
  }
  return [...tallies.values()].filter((tally) => upstreamNames.some((name) => tally[name] > 0))
}

const none = Object.fromEntries(servedNames.map((name) => [name, 0])) as unknown as ServedTally

function sumsOf<Name extends string>(columns: Readonly<Record<Name, SQLiteColumn>>, names: readonly Name[]) {
  const sums = names.map((name) => [name, sql`sum(${columns[name]})`.mapWith(Number)])
  return Object.fromEntries(sums) as Record<Name, SQL<number>>
}

/** The column lies in one of these spans. */
export function within(column: SQLiteColumn, spans: readonly Span[]): SQL | undefined {
  return spans.length === 0 ? sql`1 = 0` : or(...spans.map(({ from, until }) => and(gte(column, from), lt(column, until))))
}
