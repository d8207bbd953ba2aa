import type { BaseSQLiteDatabase, SQLiteTable } from "drizzle-orm/sqlite-core"
import type { Tables } from "../schema/tables.ts"
import type { TextSearch } from "./text-search.ts"

type Dialect = "sqlite" | "postgres"

/** Drizzle's query builder, under SQLite's types for both dialects: what they build is the same text but for the quoting of parameters. */
export type Queries = Pick<BaseSQLiteDatabase<"sync", unknown>, "select" | "selectDistinct" | "insert" | "update" | "delete">

/** What a piece of work builds its statements with. */
export interface Context {
  readonly db: Queries
  readonly tables: Tables
  readonly textSearch: TextSearch
  /** Whoever listens for changes is called once this transaction is committed. */
  announce(): void
}

/** A built statement that gives rows: a select, or anything with `returning`. */
interface RowsStatement<T> {
  all(): T[]
}

/** A built statement that gives none. */
interface CommandStatement {
  run(): unknown
}

/** Many rows for a table of numbers and texts, which numbers them itself (`id`). */
export interface NewRows {
  readonly table: SQLiteTable
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** What a transaction yields: a statement whose rows it wants, one that only has to be done, or rows, which each dialect takes in its cheapest way. */
export type Step =
  | { readonly rows: RowsStatement<unknown> }
  | { readonly command: CommandStatement }
  | { readonly insert: NewRows }

/**
 * A transaction as a generator of statements, each of which is answered with its rows. SQLite runs it to its end without giving way to anything
 * else (better-sqlite3 is synchronous), PostgreSQL awaits each statement. It may be run again from the start, so it keeps nothing outside.
 */
export type Work<T> = Generator<Step, T, unknown>

export interface WriteOptions {
  /** On disk a moment after it returns: a killed process keeps it, a power cut may take the last of it back. Default false. */
  readonly lazily?: boolean
}

/** One connection to a database of either dialect. */
export interface Engine {
  readonly dialect: Dialect
  /** Statements that see one state of the database. */
  read<T>(work: (context: Context) => Work<T>): Promise<T>
  /** All of it or nothing, on disk once it returns. Busy files and lost connections are waited for where nothing can have been applied. */
  write<T>(work: (context: Context) => Work<T>, options?: WriteOptions): Promise<T>
  onChange(listener: () => void): () => void
  ping(): Promise<void>
  close(): Promise<void>
}

/** `const [row] = yield* rows(context.db.select()…)`. */
export function* rows<T>(statement: RowsStatement<T>): Work<T[]> {
  return (yield { rows: statement }) as T[]
}

/** The first row, or undefined. */
export function* row<T>(statement: RowsStatement<T>): Work<T | undefined> {
  const [first] = yield* rows(statement)
  return first
}

/** `yield* run(context.db.insert(…).values(…))`. */
export function* run(statement: CommandStatement): Work<void> {
  yield { command: statement }
}

/** `yield* insertRows(table, […])`. */
export function* insertRows<T extends SQLiteTable>(table: T, rows: readonly Omit<T["$inferSelect"], "id">[]): Work<void> {
  if (rows.length > 0) yield { insert: { table, rows } }
}
