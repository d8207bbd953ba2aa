import { getTableColumns, getTableName, sql } from "drizzle-orm"
import { cleanParameter } from "./clean-parameter.ts"
import type { NewRows, Queries } from "./engine.ts"

/** One statement that takes all rows as one value: thousands of parameters take longer to build than the rows to write. */
export function insertOf(db: Queries, { table, rows }: NewRows) {
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => name !== "id")
  const values = columns.map(([, { dataType }], index) => {
    // The driver binds numbers as reals.
    const value = sql`value ->> cast(${index} as integer)`
    return dataType === "number" ? sql`cast(${value} as bigint)` : sql`${value}`
  })
  const json = JSON.stringify(rows.map((row) => columns.map(([name]) => cleanParameter(row[name]))))
  const id = sql`nextval(pg_get_serial_sequence(${getTableName(table)}, 'id'))`
  return db
    .insert(table)
    .select(sql`select ${sql.join([id, ...values], sql`, `)} from json_array_elements(cast(${json} as json))`)
}
