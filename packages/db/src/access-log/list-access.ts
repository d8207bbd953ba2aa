import { setImmediate as othersFirst } from "node:timers/promises"
import { and, between, count, desc, eq, gte, lt, lte, or, type SQL } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import { type Context, type Engine, row, rows, type Work } from "../engine/engine.ts"
import type { AccessLogQuery, AccessRecord } from "./access-log-store.ts"

/** So many entries are looked through at once: SQLite does so in some ten milliseconds, and nothing else of the process runs meanwhile. */
const walkLength = 20_000
/** Where a range of names or of statuses has no more entries than this, these are sorted. */
const few = 2_000

/** Where a page goes on: before the entry of this number, which was written at this time. */
interface Place {
  readonly at: number
  readonly id: number
}

/**
 * AccessLogStore.list. Entries are in the order of their times, then numbers, which is the order of every index that a filter can use. One filter is
 * read off its index; of several, one is, and the entries that it leaves are looked through in pieces.
 */
export async function listAccess(engine: Engine, query: AccessLogQuery): Promise<readonly AccessRecord[]> {
  let place = query.before === undefined ? undefined : await engine.read((context) => placeOf(context, query.before ?? 0))
  if (query.before !== undefined && place === undefined) return []
  const found: AccessRecord[] = []
  for (;;) {
    const from = place
    const piece = await engine.read((context) => lookThrough(context, query, from, query.limit - found.length))
    found.push(...piece.found)
    place = piece.next
    if (place === undefined || found.length >= query.limit) return found
    await othersFirst()
  }
}

/** Of the entry of that number, or of the one before it where it is gone. */
function* placeOf({ db, tables: { accessLog } }: Context, id: number): Work<Place | undefined> {
  const entry = yield* row(
    db
      .select({ at: accessLog.at, id: accessLog.id })
      .from(accessLog)
      .where(lte(accessLog.id, id))
      .orderBy(desc(accessLog.id))
      .limit(1),
  )
  return entry && { at: entry.at, id: entry.id === id ? id : entry.id + 1 }
}

interface Piece {
  readonly found: readonly AccessRecord[]
  /** Undefined: there is nothing further. */
  readonly next: Place | undefined
}

function* lookThrough(context: Context, query: AccessLogQuery, place: Place | undefined, limit: number): Work<Piece> {
  const { db, tables } = context
  const { accessLog } = tables
  const [first, ...others] = equalities(accessLog, query)
  const ranges = rangesOf(accessLog, query)
  const times = timesOf(accessLog, query, place)
  const newest = [desc(accessLog.at), desc(accessLog.id)]
  const isSparse = first === undefined && ranges.length > 0 && (yield* hasFew(context, ranges))
  if (isSparse || others.length + ranges.length === 0) {
    const where = and(first, times, ...ranges)
    const found = yield* rows(
      db
        .select()
        .from(accessLog)
        .where(where)
        .orderBy(...newest)
        .limit(limit),
    )
    return { found, next: undefined }
  }
  const driver = and(first, times)
  const stretch = db
    .select()
    .from(accessLog)
    .where(driver)
    .orderBy(...newest)
    .limit(walkLength)
    .as("stretch")
  const found = yield* rows(
    db
      .select()
      .from(stretch)
      .where(and(...equalities(stretch, query), ...rangesOf(stretch, query)))
      .orderBy(desc(stretch.at), desc(stretch.id))
      .limit(limit),
  )
  if (found.length === limit) return { found, next: undefined }
  const { at, id } = accessLog
  const last = db
    .select({ at, id })
    .from(accessLog)
    .where(driver)
    .orderBy(...newest)
  return { found, next: yield* row(last.limit(1).offset(walkLength - 1)) }
}

type Columns = Readonly<Record<"at" | "id" | "repository" | "user" | "address" | "status" | "cache" | "action", SQLiteColumn>>

/** What has to be the same, with what is likely to leave the fewest entries first. */
function equalities(columns: Columns, query: AccessLogQuery): readonly SQL[] {
  const { repository, user, address, status, cache, action } = query
  return [
    ...(repository === undefined || repository.endsWith("/") ? [] : [eq(columns.repository, repository)]),
    ...(user === undefined ? [] : [eq(columns.user, user)]),
    ...(address === undefined ? [] : [eq(columns.address, address)]),
    ...(status === undefined || status < 100 ? [] : [eq(columns.status, status)]),
    ...(cache === undefined ? [] : [eq(columns.cache, cache)]),
    ...(action === undefined ? [] : [eq(columns.action, action)]),
  ]
}

/** Everything below a name, and a class of statuses. */
function rangesOf(columns: Columns, { repository, status }: AccessLogQuery): readonly SQL[] {
  // `0` is the character after `/`.
  const below = repository?.endsWith("/")
    ? [gte(columns.repository, repository), lt(columns.repository, `${repository.slice(0, -1)}0`)]
    : []
  const inClass = status !== undefined && status < 100 ? [between(columns.status, status * 100, status * 100 + 99)] : []
  return [...below, ...inClass]
}

function timesOf({ at, id }: Columns, { from, to }: AccessLogQuery, place: Place | undefined): SQL | undefined {
  return and(
    place && and(lte(at, place.at), or(lt(at, place.at), lt(id, place.id))),
    from === undefined ? undefined : gte(at, from),
    to === undefined ? undefined : lte(at, to),
  )
}

/** Whether so few entries are in these ranges, at any time, that they can be sorted. */
function* hasFew({ db, tables: { accessLog } }: Context, ranges: readonly SQL[]): Work<boolean> {
  const some = db
    .select({ id: accessLog.id })
    .from(accessLog)
    .where(and(...ranges))
    .limit(few + 1)
    .as("some")
  const found = yield* row(db.select({ count: count() }).from(some))
  return (found?.count ?? 0) <= few
}
