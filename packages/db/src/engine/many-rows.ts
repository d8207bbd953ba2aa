import { getTableColumns, getTableName, type SQL, sql } from "drizzle-orm"
import type { SQLiteTable } from "drizzle-orm/sqlite-core"
import { cleanParameter } from "./clean-parameter.ts"

/** How a dialect is handed many rows as one value: a statement with thousands of parameters takes longer to build than to run. */
export interface ManyRows {
  /** A source of rows whose column `value` is an element of that JSON array. */
  elements(json: string): SQL
  /** The next number of a table with an `id`. */
  nextId(table: string): SQL
}

/** SQLite gives a number where there is none. */
export const sqliteManyRows: ManyRows = {
  elements: (json) => sql`json_each(${json})`,
  nextId: () => sql`null`,
}

/** PostgreSQL gives one only where nothing is said of it. */
export const postgresManyRows: ManyRows = {
  elements: (json) => sql`json_array_elements(cast(${json} as json))`,
  nextId: (table) => sql`nextval(pg_get_serial_sequence(${table}, 'id'))`,
}

/** What to insert into a table of numbers and texts, in this order: `db.insert(table).select(selectRows(…))`. The table numbers its rows itself. */
export function selectRows<T extends SQLiteTable>(
  manyRows: ManyRows,
  table: T,
  rows: readonly Omit<T["$inferSelect"], "id">[],
): SQL {
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => name !== "id")
  const values = columns.map(([, { dataType }], index) => {
    // The driver binds numbers as reals.
    const value = sql`value ->> cast(${index} as integer)`
    return dataType === "number" ? sql`cast(${value} as bigint)` : sql`${value}`
  })
  const json = JSON.stringify(
    rows.map((row) => columns.map(([name]) => cleanParameter((row as Readonly<Record<string, unknown>>)[name]))),
  )
  return sql`select ${sql.join([manyRows.nextId(getTableName(table)), ...values], sql`, `)} from ${manyRows.elements(json)}`
}
