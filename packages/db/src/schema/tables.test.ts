import Sqlite from "better-sqlite3"
import type { PgTable } from "drizzle-orm/pg-core"
import type { SQLiteTable } from "drizzle-orm/sqlite-core"
import { expect, test } from "vitest"
import { migrations } from "../migrations/migrations.ts"
import { postgresTables } from "./postgres-tables.ts"
import { sqliteTables } from "./sqlite-tables.ts"
import { kindOf, postgresShape, sqliteShape, type TableShape } from "./table-shape.fixture.ts"

const sqlite: Readonly<Record<string, SQLiteTable>> = sqliteTables
const postgres: Readonly<Record<string, PgTable>> = postgresTables

test("both dialects have the same tables, under the same names in the code", () => {
  expect(Object.keys(postgres)).toEqual(Object.keys(sqlite))
  expect(Object.keys(sqlite)).toHaveLength(41)
})

test.each(Object.keys(sqlite))("%s is the same in both dialects", (name) => {
  const [one, other] = [sqlite[name], postgres[name]]
  if (!one || !other) throw new Error(`${name} is in one dialect only`)
  expect(postgresShape(other)).toEqual(sqliteShape(one))
})

test("SQLite's migrations make the tables that the code knows", () => {
  const client = new Sqlite(":memory:")
  for (const statement of migrations.flatMap((migration) => migration.sqlite)) client.exec(statement)
  const expected = Object.values(sqlite).map(sqliteShape)
  const made = expected.map(({ name }) => shapeInFile(client, name))
  expect(made).toEqual(
    expected.map((shape) => ({ ...shape, columns: shape.columns.map((each) => each.replace("boolean", "number")) })),
  )
  const tables = client.prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'").pluck().all()
  const known = new Set(expected.map(({ name }) => name))
  expect(tables.filter((name) => !known.has(String(name)) && !/^jobs_search/.test(String(name)))).toEqual([])
  client.close()
})

function shapeInFile(client: Sqlite.Database, table: string): TableShape {
  const all = <T>(sql: string, ...parameters: unknown[]) => client.prepare(sql).all(...parameters) as T[]
  interface Column {
    readonly name: string
    readonly type: string
    readonly notnull: number
    readonly pk: number
  }
  const columns = all<Column>("select * from pragma_table_info(?)", table)
  const indexes = all<{ name: string; unique: number }>("select * from pragma_index_list(?) where origin = 'c'", table)
  interface Key {
    readonly id: number
    readonly from: string
    readonly to: string
    readonly table: string
    readonly on_delete: string
  }
  const keys = all<Key>("select * from pragma_foreign_key_list(?) order by id, seq", table)
  return {
    name: table,
    // A rowid table's integer key is never null, though the file does not say so.
    columns: columns.map(
      ({ name, type, notnull, pk }) =>
        `${name} ${kindOf(type)}${notnull || (pk && kindOf(type) === "number") ? " not null" : ""}`,
    ),
    primaryKey: columns
      .filter(({ pk }) => pk > 0)
      .sort((one, other) => one.pk - other.pk)
      .map(({ name }) => name),
    indexes: indexes
      .map(({ name, unique }) => {
        const names = all<{ name: string }>("select name from pragma_index_info(?) order by seqno", name).map((each) => each.name)
        const sql = String(client.prepare("select sql from sqlite_schema where name = ?").pluck().get(name))
        return `${unique ? "unique " : ""}${name} (${names.join(", ")})${/ where .*$/.exec(sql)?.[0] ?? ""}`
      })
      .sort(),
    foreignKeys: Array.from(new Set(keys.map(({ id }) => id)), (id) => {
      const parts = keys.filter((key) => key.id === id)
      const names = (side: "from" | "to") => parts.map((part) => part[side]).join(", ")
      return `${names("from")} -> ${parts[0]?.table} (${names("to")}) ${parts[0]?.on_delete.toLowerCase()}`
    }).sort(),
  }
}
