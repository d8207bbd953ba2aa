import { getTableName, type SQL } from "drizzle-orm"
import { type PgTable, getTableConfig as postgresConfig } from "drizzle-orm/pg-core"
import { SQLiteSyncDialect, type SQLiteTable, getTableConfig as sqliteConfig } from "drizzle-orm/sqlite-core"

/** What both dialects' tables have to have in common, in a form that compares well. */
export interface TableShape {
  readonly name: string
  /** `wait_until number`, `state text not null`. Booleans are numbers in SQLite's files. */
  readonly columns: readonly string[]
  readonly primaryKey: readonly string[]
  readonly indexes: readonly string[]
  readonly foreignKeys: readonly string[]
}

export function sqliteShape(table: SQLiteTable): TableShape {
  return shapeOf(sqliteConfig(table))
}

export function postgresShape(table: PgTable): TableShape {
  return shapeOf(postgresConfig(table))
}

/** Number, text, boolean, bytes: whatever the dialect calls it. */
export function kindOf(type: string): string {
  if (/^(bigint|integer)$/i.test(type)) return "number"
  return /^(bytea|blob)$/i.test(type) ? "bytes" : type.toLowerCase()
}

type Config = ReturnType<typeof sqliteConfig> | ReturnType<typeof postgresConfig>

function shapeOf(config: Config): TableShape {
  return {
    name: config.name,
    columns: config.columns.map((column) => {
      const kind = column.dataType === "boolean" ? "boolean" : kindOf(column.getSQLType())
      return `${column.name} ${kind}${column.notNull ? " not null" : ""}`
    }),
    primaryKey: [
      ...config.columns.filter(({ primary }) => primary).map(({ name }) => name),
      ...config.primaryKeys.flatMap((key) => key.columns.map(({ name }) => name)),
    ],
    indexes: config.indexes
      .map(({ config: index }) => {
        const names = index.columns.map((column) => ("name" in column ? column.name : "?"))
        const where = index.where ? ` where ${new SQLiteSyncDialect().sqlToQuery(index.where as SQL).sql}` : ""
        return `${index.unique ? "unique " : ""}${index.name} (${names.join(", ")})${where}`
      })
      .sort(),
    foreignKeys: config.foreignKeys
      .map((key) => {
        const { columns, foreignTable, foreignColumns } = key.reference()
        const [own, other] = [columns, foreignColumns].map((list) => list.map(({ name }) => name).join(", "))
        return `${own} -> ${getTableName(foreignTable)} (${other}) ${key.onDelete ?? "no action"}`
      })
      .sort(),
  }
}
