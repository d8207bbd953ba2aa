import { and, desc, ilike, or, type SQL, sql } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import { type Context, rows, type Work } from "./engine.ts"

/** Where is searched: jobs from number `first` to `last`, which `filter` holds to as well. */
export interface SearchedJobs {
  readonly first: number
  readonly last: number
  readonly filter: SQL | undefined
}

/** How a dialect finds parts of names. */
export interface TextSearch {
  /** The column contains this text, any case. */
  contains(column: SQLiteColumn, part: string): SQL
  /** Numbers of jobs with that part in source or target, newest first, by an index for parts of three characters and more; undefined without one. */
  readonly indexed?: (context: Context, part: string, among: SearchedJobs, limit: number) => Work<readonly number[]>
}

/** FTS5 with trigrams: a phrase is a part of the text, and rows come in the order of their numbers. */
export const sqliteTextSearch: TextSearch = {
  contains: (column, part) => sql`${column} like ${`%${escaped(part)}%`} escape '\\'`,
  *indexed({ db }, part, { first, last, filter }, limit) {
    const phrase = `"${part.replaceAll('"', '""')}"`
    const found = yield* rows(
      db
        .select({ id: sql<number>`jobs_search.rowid` })
        .from(sql`jobs_search cross join jobs`)
        .where(
          // The range stands here once more, since SQLite does not carry it over from jobs to the index.
          and(
            sql`jobs_search match ${phrase} and jobs_search.rowid between ${first} and ${last} and jobs.id = jobs_search.rowid`,
            filter,
          ),
        )
        .orderBy(sql`jobs_search.rowid desc`)
        .limit(limit),
    )
    return found.map(({ id }) => id)
  },
}

/** Where pg_trgm could not be installed. */
export const postgresPlainTextSearch: TextSearch = { contains: (column, part) => ilike(column, `%${escaped(part)}%`) }

export const postgresTextSearch: TextSearch = {
  ...postgresPlainTextSearch,
  *indexed({ db, tables: { jobs } }, part, { filter }, limit) {
    const { contains } = postgresPlainTextSearch
    const where = and(filter, or(contains(jobs.source, part), contains(jobs.target, part)))
    const found = yield* rows(db.select({ id: jobs.id }).from(jobs).where(where).orderBy(desc(jobs.id)).limit(limit))
    return found.map(({ id }) => id)
  },
}

/** The three characters that mean something in LIKE. */
function escaped(part: string): string {
  return part.replaceAll(/[\\%_]/g, (character) => `\\${character}`)
}
