import { and, between, desc, ilike, or, type SQL, sql } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import { type Context, rows, type Work } from "./engine.ts"

/** How a dialect finds parts of names. */
export interface TextSearch {
  /** The column contains this text, any case. */
  contains(column: SQLiteColumn, part: string): SQL
  /**
   * Numbers from `first` to `last` of jobs with that part in source or target, newest first, by an index for parts of three characters and more;
   * undefined without one.
   */
  readonly indexed?: (
    context: Context,
    part: string,
    range: { readonly first: number; readonly last: number },
    limit: number,
  ) => Work<readonly number[]>
}

/** FTS5 with trigrams: a phrase is a part of the text, and rows come in the order of their numbers. */
export const sqliteTextSearch: TextSearch = {
  contains: (column, part) => sql`${column} like ${`%${escaped(part)}%`} escape '\\'`,
  *indexed({ db }, part, { first, last }, limit) {
    const phrase = `"${part.replaceAll('"', '""')}"`
    const found = yield* rows(
      db
        .select({ id: sql<number>`rowid` })
        .from(sql`jobs_search`)
        // The driver binds numbers as reals, which FTS5 does not take as bounds.
        .where(sql`jobs_search match ${phrase} and rowid between cast(${first} as integer) and cast(${last} as integer)`)
        .orderBy(sql`rowid desc`)
        .limit(limit),
    )
    return found.map(({ id }) => id)
  },
}

/** Where pg_trgm could not be installed. */
export const postgresPlainTextSearch: TextSearch = { contains: (column, part) => ilike(column, `%${escaped(part)}%`) }

/** Search by trigrams, where the database has an index of them. */
export const postgresTextSearch: TextSearch = {
  ...postgresPlainTextSearch,
  *indexed({ db, tables: { jobs } }, part, { first, last }, limit) {
    const { contains } = postgresPlainTextSearch
    const where = and(between(jobs.id, first, last), or(contains(jobs.source, part), contains(jobs.target, part)))
    const found = yield* rows(db.select({ id: jobs.id }).from(jobs).where(where).orderBy(desc(jobs.id)).limit(limit))
    return found.map(({ id }) => id)
  },
}

/** The three characters that mean something in LIKE. */
function escaped(part: string): string {
  return part.replaceAll(/[\\%_]/g, (character) => `\\${character}`)
}
