import { setImmediate as othersFirst } from "node:timers/promises"
import { count, eq, type SQL, sql } from "drizzle-orm"
import { type Context, type Engine, row, rows, type Work } from "../engine/engine.ts"
import { within } from "./read-served.ts"
import type { RepositoryTally } from "./served-store.ts"
import { monthsWithin, type Span } from "./utc-days.ts"

/** SQLite adds so many rows up in some twenty milliseconds, and nothing else of the process runs meanwhile. */
const rowsAtOnce = 40_000

/** ServedStore.mostPulled: whole months by the month, the rest by the day; where that is much, some repositories after the others. */
export async function readMostPulled(engine: Engine, days: Span, limit: number): Promise<readonly RepositoryTally[]> {
  if (days.from >= days.until) return []
  const parts = Math.ceil((await engine.read((context) => countRows(context, days))) / rowsAtOnce)
  const most: RepositoryTally[] = []
  for (let part = 0; part < parts; part++) {
    most.push(...(await engine.read((context) => mostOf(context, days, { part, parts, limit }))))
    await othersFirst()
  }
  return most.sort(byPulls).slice(0, limit)
}

function byPulls(one: RepositoryTally, other: RepositoryTally): number {
  return other.pulls - one.pulls || other.bytesSent - one.bytesSent || (one.repository < other.repository ? -1 : 1)
}

function* countRows({ db, tables: { repositoryDays, repositoryMonths } }: Context, span: Span): Work<number> {
  const { months, days } = monthsWithin(span)
  const ofMonths = yield* row(
    db
      .select({ count: count() })
      .from(repositoryMonths)
      .where(within(repositoryMonths.month, [months])),
  )
  const ofDays = yield* row(db.select({ count: count() }).from(repositoryDays).where(within(repositoryDays.day, days)))
  return (ofMonths?.count ?? 0) + (ofDays?.count ?? 0)
}

/** The most pulled of one part of the repositories. */
function mostOf(
  { db, tables }: Context,
  span: Span,
  { part, parts, limit }: { readonly part: number; readonly parts: number; readonly limit: number },
): Work<readonly RepositoryTally[]> {
  const { repositoryDays, repositoryMonths, pulledRepositories } = tables
  const { months, days } = monthsWithin(span)
  const rowsOf = (table: SQL, where: SQL | undefined) =>
    sql`select repository_id, pulls, bytes_sent from ${table} where ${where} and repository_id % ${parts} = ${part}`
  const sources = [
    rowsOf(sql`${repositoryMonths}`, within(repositoryMonths.month, [months])),
    // One after the other: SQLite would first gather the days of both.
    ...days.map((each) => rowsOf(sql`${repositoryDays}`, within(repositoryDays.day, [each]))),
  ]
  const most = sql`(
    select repository_id, sum(pulls) as pulls, sum(bytes_sent) as bytes_sent
    from (${sql.join(sources, sql` union all `)}) as sources
    group by repository_id
    order by 2 desc, 3 desc, 1
    limit ${limit}
  ) as most`
  return rows(
    db
      .select({
        repository: pulledRepositories.name,
        pulls: sql`most.pulls`.mapWith(Number),
        bytesSent: sql`most.bytes_sent`.mapWith(Number),
      })
      .from(most)
      .innerJoin(pulledRepositories, eq(pulledRepositories.id, sql`most.repository_id`)),
  )
}
