import { setImmediate as othersFirst } from "node:timers/promises"
import { and, between, count, desc, eq, gte, lt, lte, or, type SQL, sql } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import { type Context, type Engine, row, rows, type Work } from "../engine/engine.ts"
import type { AccessLogQuery, AccessRecord } from "./access-log-store.ts"

/** So many entries are looked through at once: SQLite does so in some ten milliseconds, and nothing else of the process runs meanwhile. */
const walkLength = 20_000
/** Where no more entries than this meet one of the conditions, all of them are looked at. */
const few = 2_000

/** Where a page goes on: before the entry of this number, which was written at this time. */
interface Place {
  readonly at: number
  readonly id: number
}

/**
 * AccessLogStore.list. Entries are in the order of their times, then numbers, which is the order of every index. Names of users and repositories have
 * one, and alone are read off it; with others, the rarer is where one is rare. Otherwise the entries that the first one leaves, or all, are looked
 * through in pieces, newest first.
 */
export async function listAccess(engine: Engine, query: AccessLogQuery): Promise<readonly AccessRecord[]> {
  let place = query.before === undefined ? undefined : await engine.read((context) => placeOf(context, query.before ?? 0))
  if (query.before !== undefined && place === undefined) return []
  const rare = await engine.read((context) => rareOf(context, query))
  const found: AccessRecord[] = []
  for (;;) {
    const search = { query, rare, place, limit: query.limit - found.length }
    const piece = await engine.read((context) => lookThrough(context, search))
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

interface Search {
  readonly query: AccessLogQuery
  readonly rare: SQL | undefined
  readonly place: Place | undefined
  readonly limit: number
}

function* lookThrough({ db, tables: { accessLog } }: Context, { query, rare, place, limit }: Search): Work<Piece> {
  const [first] = indexedEqualities(accessLog, query)
  const driver = rare ?? and(first, timesOf(accessLog, query, place))
  const newest = [desc(accessLog.at), desc(accessLog.id)]
  const some = db.select().from(accessLog).where(driver)
  if (isOneIndex(accessLog, query)) {
    return { found: yield* rows(some.orderBy(...newest).limit(limit)), next: undefined }
  }
  // A subquery with a limit is read by the index that suits it, whatever else is asked for.
  const stretch = (rare ? some.limit(walkLength) : some.orderBy(...newest).limit(walkLength)).as("stretch")
  const found = yield* rows(
    db
      .select()
      .from(stretch)
      .where(and(...conditionsOf(stretch, query), timesOf(stretch, query, place)))
      .orderBy(desc(stretch.at), desc(stretch.id))
      .limit(limit),
  )
  if (rare || found.length === limit) return { found, next: undefined }
  const { at, id } = accessLog
  const end = db
    .select({ at, id })
    .from(accessLog)
    .where(driver)
    .orderBy(...newest)
    .limit(1)
  return { found, next: yield* row(end.offset(walkLength - 1)) }
}

type Columns = Readonly<Record<"at" | "id" | "repository" | "user" | "address" | "status" | "cache" | "action", SQLiteColumn>>

/** What has to be the same and has an index, with what is likely to leave the fewest entries first. */
function indexedEqualities(columns: Columns, { repository, user }: AccessLogQuery): readonly SQL[] {
  return [
    ...(repository === undefined || repository.endsWith("/") ? [] : [eq(columns.repository, repository)]),
    ...(user === undefined ? [] : [eq(columns.user, user)]),
  ]
}

/** What has to be the same and has no index: there are few different ones, so that a page of them is soon found. */
function otherEqualities(columns: Columns, { address, status, cache, action }: AccessLogQuery): readonly SQL[] {
  return [
    ...(address === undefined ? [] : [eq(columns.address, address)]),
    ...(status === undefined || status < 100 ? [] : [eq(columns.status, status)]),
    ...(cache === undefined ? [] : [eq(columns.cache, cache)]),
    ...(action === undefined ? [] : [eq(columns.action, action)]),
  ]
}

/** Everything below a name. */
function belowOf(columns: Columns, { repository }: AccessLogQuery): readonly SQL[] {
  // `0` is the character after `/`.
  return repository?.endsWith("/")
    ? [sql`(${gte(columns.repository, repository)} and ${lt(columns.repository, `${repository.slice(0, -1)}0`)})`]
    : []
}

/** A class of statuses. */
function classOf(columns: Columns, { status }: AccessLogQuery): readonly SQL[] {
  return status !== undefined && status < 100 ? [between(columns.status, status * 100, status * 100 + 99)] : []
}

function timesOf({ at, id }: Columns, { from, to }: AccessLogQuery, place: Place | undefined): SQL | undefined {
  return and(
    place && and(lte(at, place.at), or(lt(at, place.at), lt(id, place.id))),
    from === undefined ? undefined : gte(at, from),
    to === undefined ? undefined : lte(at, to),
  )
}

/** What an index finds. */
function indexed(columns: Columns, query: AccessLogQuery): readonly SQL[] {
  return [...indexedEqualities(columns, query), ...belowOf(columns, query)]
}

function others(columns: Columns, query: AccessLogQuery): readonly SQL[] {
  return [...otherEqualities(columns, query), ...classOf(columns, query)]
}

function conditionsOf(columns: Columns, query: AccessLogQuery): readonly SQL[] {
  return [...indexed(columns, query), ...others(columns, query)]
}

/** Whether there is one filter at most, which is no range and has an index: that has the page at its end. */
function isOneIndex(columns: Columns, query: AccessLogQuery): boolean {
  return belowOf(columns, query).length + others(columns, query).length === 0 && indexedEqualities(columns, query).length < 2
}

/** Where one index is not enough: the first of the conditions that so few entries meet, at any time, that all of them can be looked at. */
function* rareOf({ db, tables: { accessLog } }: Context, query: AccessLogQuery): Work<SQL | undefined> {
  if (isOneIndex(accessLog, query)) return undefined
  for (const condition of indexed(accessLog, query)) {
    const some = db
      .select({ id: accessLog.id })
      .from(accessLog)
      .where(condition)
      .limit(few + 1)
      .as("some")
    const found = yield* row(db.select({ count: count() }).from(some))
    if ((found?.count ?? 0) <= few) return condition
  }
  return undefined
}
