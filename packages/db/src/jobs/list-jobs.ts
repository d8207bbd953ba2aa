import { and, asc, desc, eq, gte, inArray, isNull, lt, lte, max, min, or, type SQL } from "drizzle-orm"
import { type Context, row, rows, type Work } from "../engine/engine.ts"
import { jobStates } from "./job.ts"
import type { JobRow } from "./job-row.ts"
import type { JobQuery } from "./job-store.ts"

interface RowPage {
  readonly rows: readonly JobRow[]
  /** Where the next page goes on; null when there is none. */
  readonly next: number | null
}

/** Numbers of jobs, newest first. */
interface IdPage {
  readonly ids: readonly number[]
  readonly next: number | null
}

/** Numbers that a page may have: `first` and `last` included. */
interface Range {
  readonly first: number
  readonly last: number
}

/** So many numbers are looked through for a page by a search that no index helps. */
const walkLength = 20_000
/** Where the filters alone leave no more jobs than this, these are searched one by one. */
const few = 2_000
/** Of what a search finds, so many are looked at against the filters at a time, and so many times for one page. */
const sample = 500
const samples = 4
/** No name is longer, and patterns have an end (SQLite: 50,000 bytes). */
const longestSearch = 1_000
const hourMs = 3_600_000

/**
 * JobStore.list. Pages are cut by number, newest first, and every index that a filter can use is in that order too: nothing is sorted, however long
 * the history. Several states or hosts are as many index scans that are merged.
 */
export function* listJobs(context: Context, query: JobQuery): Work<RowPage> {
  const range = yield* rangeOf(context, query)
  const { ids, next } =
    range.first > range.last || query.states?.length === 0 ? { ids: [], next: null } : yield* idsOf(context, query, range)
  if (ids.length === 0) return { rows: [], next }
  const { jobs } = context.tables
  const found = yield* rows(
    context.db
      .select()
      .from(jobs)
      .where(inArray(jobs.id, [...ids]))
      .orderBy(desc(jobs.id)),
  )
  return { rows: found, next }
}

function* idsOf(context: Context, query: JobQuery, range: Range): Work<IdPage> {
  const { search, limit } = query
  if (search === undefined || search === "") {
    // Batches may be few among many, and no index has them.
    return query.kind === "batch" ? yield* walked(context, query, range) : yield* merged(context, query, range, limit)
  }
  if (search.length > longestSearch) return { ids: [], next: null }
  if (isSelective(query)) {
    const candidates = yield* merged(context, query, range, few)
    if (candidates.next === null) return yield* among(context, candidates.ids, search, limit)
  }
  if (context.textSearch.indexed && [...search].length >= 3) return yield* searched(context, query, range, search)
  return yield* walked(context, query, range, search)
}

function isSelective(query: JobQuery): boolean {
  const { visibility, states, host, since, until, parentId } = query
  return visibility !== "all" || [states, host, since, until, parentId].some((value) => value !== undefined)
}

/** One index scan for each state and each side of a host. The indexes of owners and hosts have the states before the numbers. */
function* merged(context: Context, query: JobQuery, range: Range, limit: number): Work<IdPage> {
  const { jobs } = context.tables
  const byState = query.states ?? (query.host !== undefined || query.visibility !== "all" ? jobStates : undefined)
  const states = byState ? [...new Set(byState)].map((state) => eq(jobs.state, state)) : [undefined]
  const hosts = query.host === undefined ? [undefined] : [eq(jobs.sourceHost, query.host), eq(jobs.targetHost, query.host)]
  const ids = new Set<number>()
  for (const state of states) {
    for (const host of hosts) {
      const where = and(...conditions(context, query, range), state, host)
      for (const id of yield* scan(context, where, limit + 1)) ids.add(id)
    }
  }
  return pageOf(
    [...ids].sort((one, other) => other - one),
    limit,
  )
}

function* among(context: Context, candidates: readonly number[], search: string, limit: number): Work<IdPage> {
  if (candidates.length === 0) return { ids: [], next: null }
  const where = and(inArray(context.tables.jobs.id, [...candidates]), containing(context, search))
  return pageOf(yield* scan(context, where, limit + 1), limit)
}

/** What the text index finds, newest first, and of it what the filters leave; the page may come out short where that is little. */
function* searched(context: Context, query: JobQuery, range: Range, search: string): Work<IdPage> {
  const { indexed } = context.textSearch
  const ids: number[] = []
  let { last } = range
  for (let round = 0; indexed && round < samples; round++) {
    const candidates = yield* indexed(context, search, { first: range.first, last }, sample)
    ids.push(...(yield* passing(context, query, range, candidates)))
    const oldest = candidates.at(-1)
    if (ids.length > query.limit) return pageOf(ids, query.limit)
    if (candidates.length < sample || oldest === undefined) return { ids, next: null }
    last = oldest - 1
  }
  return { ids, next: last + 1 }
}

/** Those of these jobs that the filters leave. */
function* passing(context: Context, query: JobQuery, range: Range, candidates: readonly number[]): Work<readonly number[]> {
  if (candidates.length === 0) return []
  const numbered = inArray(context.tables.jobs.id, [...candidates])
  const where = and(numbered, ...conditions(context, query, range), ...stateAndHost(context, query))
  return yield* scan(context, where, query.limit + 1)
}

/** A bounded stretch of the history; the page may come out short, or empty, and says where to go on. */
function* walked(context: Context, query: JobQuery, range: Range, search?: string): Work<IdPage> {
  const all = yield* existing(context)
  const [oldest, last] = [Math.max(range.first, all.first), Math.min(range.last, all.last)]
  const stretch = { first: Math.max(oldest, last - walkLength + 1), last }
  const where = and(
    ...conditions(context, query, stretch),
    ...stateAndHost(context, query),
    search === undefined ? undefined : containing(context, search),
  )
  const page = pageOf(yield* scan(context, where, query.limit + 1), query.limit)
  if (page.next !== null || stretch.first === oldest) return page
  return { ids: page.ids, next: stretch.first }
}

function* scan({ db, tables: { jobs } }: Context, where: SQL | undefined, limit: number): Work<readonly number[]> {
  const found = yield* rows(db.select({ id: jobs.id }).from(jobs).where(where).orderBy(desc(jobs.id)).limit(limit))
  return found.map(({ id }) => id)
}

function pageOf(found: readonly number[], limit: number): IdPage {
  const ids = found.slice(0, limit)
  return { ids, next: found.length > limit ? (ids.at(-1) ?? null) : null }
}

/** From the cursor and the time range to numbers. The hours' numbers are only near; `conditions` has the times themselves. */
function* rangeOf({ db, tables: { jobHours } }: Context, { before, since, until }: JobQuery): Work<Range> {
  const all = { first: 1, last: (before ?? Number.MAX_SAFE_INTEGER) - 1 }
  if (since === undefined && until === undefined) return all
  const hours = yield* row(
    db
      .select({ first: min(jobHours.firstId), last: max(jobHours.lastId) })
      .from(jobHours)
      .where(
        and(
          since === undefined ? undefined : gte(jobHours.hour, Math.floor(since / hourMs)),
          until === undefined ? undefined : lte(jobHours.hour, Math.floor(until / hourMs)),
        ),
      ),
  )
  return { first: Number(hours?.first ?? 1), last: Math.min(all.last, Number(hours?.last ?? 0)) }
}

/** The oldest and the newest number that there are, each looked up at its end of the index. */
function* existing({ db, tables: { jobs } }: Context): Work<Range> {
  const oldest = yield* row(db.select({ id: jobs.id }).from(jobs).orderBy(asc(jobs.id)).limit(1))
  const newest = yield* row(db.select({ id: jobs.id }).from(jobs).orderBy(desc(jobs.id)).limit(1))
  return { first: oldest?.id ?? 1, last: newest?.id ?? 0 }
}

function conditions({ tables: { jobs } }: Context, query: JobQuery, range: Range): (SQL | undefined)[] {
  const { visibility, since, until, parentId, everywhere, kind } = query
  return [
    gte(jobs.id, range.first),
    lte(jobs.id, range.last),
    visibility === "all" ? undefined : eq(jobs.ownerId, visibility.ownerId),
    since === undefined ? undefined : gte(jobs.createdAt, since),
    until === undefined ? undefined : lt(jobs.createdAt, until),
    parentId !== undefined ? eq(jobs.parentId, parentId) : everywhere ? undefined : isNull(jobs.parentId),
    kind === undefined ? undefined : eq(jobs.kind, kind),
  ]
}

function stateAndHost({ tables: { jobs } }: Context, { states, host }: JobQuery): (SQL | undefined)[] {
  return [
    states && inArray(jobs.state, [...states]),
    host === undefined ? undefined : or(eq(jobs.sourceHost, host), eq(jobs.targetHost, host)),
  ]
}

function containing({ textSearch, tables: { jobs } }: Context, search: string): SQL | undefined {
  return or(textSearch.contains(jobs.source, search), textSearch.contains(jobs.target, search))
}
