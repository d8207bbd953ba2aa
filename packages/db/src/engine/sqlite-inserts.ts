import { getTableColumns, sql } from "drizzle-orm"
import type { SQLiteTable } from "drizzle-orm/sqlite-core"
import type { NewRows, Queries } from "./engine.ts"
import type { SqliteStatements } from "./sqlite-statements.ts"

interface Insert {
  readonly text: string
  /** Columns in the order of the statement's parameters. */
  readonly columns: readonly string[]
}

/** Rows go in one by one through one prepared statement: that is cheaper than any statement that takes several. */
export class SqliteInserts {
  readonly #db: Queries
  readonly #statements: SqliteStatements
  readonly #built = new Map<SQLiteTable, Insert>()

  constructor(db: Queries, statements: SqliteStatements) {
    this.#db = db
    this.#statements = statements
  }

  insert({ table, rows }: NewRows): void {
    const { text, columns } = this.#built.get(table) ?? this.#build(table)
    const statement = this.#statements.prepare(text)
    for (const row of rows) statement.run(...columns.map((name) => row[name]))
  }

  #build(table: SQLiteTable): Insert {
    const columns = Object.keys(getTableColumns(table)).filter((name) => name !== "id")
    const values = Object.fromEntries(columns.map((name) => [name, sql.placeholder(name)]))
    const insert = { text: this.#db.insert(table).values(values).toSQL().sql, columns }
    this.#built.set(table, insert)
    return insert
  }
}
