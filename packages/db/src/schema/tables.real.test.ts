import { needsPostgres, postgresServer } from "@entrepot/testing"
import type { PgTable } from "drizzle-orm/pg-core"
import { describe, expect, test } from "vitest"
import { openDatabase } from "../open-database.ts"
import { postgresTables } from "./postgres-tables.ts"
import { kindOf, postgresShape } from "./table-shape.fixture.ts"

const tables: Readonly<Record<string, PgTable>> = postgresTables

describe.skipIf(needsPostgres())("PostgreSQL's migrations", () => {
  test("make the tables that the code knows, and may be run by several processes at once", async () => {
    await using server = await postgresServer()
    const url = server.url(await server.createDatabase())
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ kind: "postgres", url }, { connections: 2 })))
    for (const database of opened) await database.close()
    const database = new URL(url).pathname.slice(1)
    const lines = async (sql: string) => (await server.query(sql, database)).split("\n")
    expect(await lines("select number, name from migrations")).toEqual([
      "1|first",
      "2|statistics",
      "3|registry",
      "4|administration",
    ])
    const columns = await lines(`select table_name, column_name, data_type, is_nullable from information_schema.columns
      where table_schema = 'public' and table_name not in ('migrations', 'proxy_history') order by table_name, ordinal_position`)
    const made = columns.map((line) => {
      const [table, column, type = "", nullable] = line.split("|")
      return `${table}: ${column} ${kindOf(type)}${nullable === "NO" ? " not null" : ""}`
    })
    const shapes = Object.values(tables).map(postgresShape)
    const expected = shapes.flatMap((shape) => shape.columns.map((column) => `${shape.name}: ${column}`))
    expect(made.sort()).toEqual(expected.sort())
    const indexes = await lines(
      "select indexname from pg_indexes where schemaname = 'public' and indexname not like '%_pkey' and indexname not like 'jobs_search%'",
    )
    const names = shapes.flatMap((shape) => shape.indexes.map((index) => index.replace("unique ", "").replace(/ .*/, "")))
    expect(indexes.sort()).toEqual(names.sort())
    expect(await lines("select count(*) from pg_indexes where indexname like 'jobs_search%'")).toEqual(["2"])
  })
})
