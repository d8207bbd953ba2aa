import { getTableColumns, inArray, sql } from "drizzle-orm"
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core"
import { cleanParameter } from "../engine/clean-parameter.ts"
import { type Context, rows, run, type Work } from "../engine/engine.ts"
import { paddedBatches } from "../engine/padded-batches.ts"
import { wholeBatches } from "../engine/whole-batches.ts"
import { repositoryNames, servedNames, upstreamNames } from "./served-names.ts"
import type { RepositoryTally, ServedCount } from "./served-store.ts"
import { dayOfHour, monthOfDay } from "./utc-days.ts"

/** ServedStore.add. Everybody adds to the same rows in the same order, so that none waits for another in a circle. */
export function* countServed(context: Context, counts: readonly ServedCount[]): Work<void> {
  const { servedHours, upstreamHours, upstreamDays, repositoryDays, repositoryMonths } = context.tables
  yield* addUp(context, servedHours, ["hour"], servedNames, counts)
  const upstreams = counts.flatMap(({ hour, upstreams: own }) => own.map((each) => ({ ...each, hour, day: dayOfHour(hour) })))
  yield* addUp(context, upstreamHours, ["hour", "host"], upstreamNames, upstreams)
  yield* addUp(context, upstreamDays, ["day", "host"], upstreamNames, upstreams)
  const idOf = yield* numbersOf(context, counts)
  const repositories = counts.flatMap(({ hour, repositories: own }) => {
    const day = dayOfHour(hour)
    return own.map((each) => ({ ...each, repositoryId: idOf.get(keptName(each)) ?? 0, day, month: monthOfDay(day) }))
  })
  yield* addUp(context, repositoryDays, ["day", "repositoryId"], repositoryNames, repositories)
  yield* addUp(context, repositoryMonths, ["month", "repositoryId"], repositoryNames, repositories)
}

/** Numbers of the repositories' names, given out where they have none. */
function* numbersOf(context: Context, counts: readonly ServedCount[]): Work<ReadonlyMap<string, number>> {
  const { db, tables } = context
  const { pulledRepositories } = tables
  const names = [...new Set(counts.flatMap(({ repositories }) => repositories.map(keptName)))].sort()
  const known = yield* knownNumbers(context, names)
  const added = names.filter((name) => !known.has(name)).map((name) => ({ name }))
  if (added.length === 0) return known
  for (const batch of wholeBatches(added))
    yield* run(
      db
        .insert(pulledRepositories)
        .values([...batch])
        .onConflictDoNothing(),
    )
  return yield* knownNumbers(context, names)
}

function keptName({ repository }: RepositoryTally): string {
  return String(cleanParameter(repository))
}

function* knownNumbers({ db, tables }: Context, names: readonly string[]): Work<ReadonlyMap<string, number>> {
  const { pulledRepositories } = tables
  const known = new Map<string, number>()
  for (const batch of paddedBatches(names)) {
    const found = yield* rows(db.select().from(pulledRepositories).where(inArray(pulledRepositories.name, batch)))
    for (const { id, name } of found) known.set(name, id)
  }
  return known
}

type Row<Key extends string, Name extends string> = Readonly<Record<Key, number | string> & Record<Name, number>>

function* addUp<Key extends string, Name extends keyof typeof excluded>(
  { db }: Context,
  table: SQLiteTable,
  keys: readonly Key[],
  names: readonly Name[],
  counts: readonly Row<NoInfer<Key>, NoInfer<Name>>[],
): Work<void> {
  const columns: Readonly<Record<string, SQLiteColumn>> = getTableColumns(table)
  const target = keys.flatMap((key) => columns[key] ?? [])
  const set = Object.fromEntries(names.map((name) => [name, sql`${columns[name]} + ${excluded[name]}`]))
  for (const batch of wholeBatches(sums(keys, names, counts))) {
    yield* run(
      db
        .insert(table)
        .values([...batch])
        .onConflictDoUpdate({ target, set }),
    )
  }
}

/** One row a key, by key: no statement meets a row twice. */
function sums<Key extends string, Name extends string>(
  keys: readonly Key[],
  names: readonly Name[],
  counts: readonly Row<Key, Name>[],
): readonly Readonly<Record<string, unknown>>[] {
  const rowOf = new Map<string, Record<string, unknown>>()
  for (const count of counts) {
    const key = keys.map((name) => cleanParameter(count[name]))
    const text = JSON.stringify(key)
    const before = rowOf.get(text)
    const added = names.map((name) => [name, Number(before?.[name] ?? 0) + Math.round(count[name])])
    rowOf.set(text, Object.fromEntries([...keys.map((name, index) => [name, key[index]]), ...added]))
  }
  return [...rowOf].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
}

/** What a row that is there already was to be. */
const excluded = {
  requests: sql`excluded.requests`,
  pulls: sql`excluded.pulls`,
  refused: sql`excluded.refused`,
  failures: sql`excluded.failures`,
  hits: sql`excluded.hits`,
  stale: sql`excluded.stale`,
  misses: sql`excluded.misses`,
  bytesSent: sql`excluded.bytes_sent`,
  bytesPushed: sql`excluded.bytes_pushed`,
  bytesFetched: sql`excluded.bytes_fetched`,
  waitMs: sql`excluded.wait_ms`,
}
