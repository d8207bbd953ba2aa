import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Sqlite from "better-sqlite3"
import { expect, test } from "vitest"
import { sqliteStorage } from "../database.fixture.ts"
import { SqliteEngine } from "../engine/sqlite-engine.ts"
import { openDatabase } from "../open-database.ts"
import { migrateSqlite } from "./migrate-sqlite.ts"
import { migrations } from "./migrations.ts"

test("several openings at once of a file that is not there yet make it once", async () => {
  await using storage = await sqliteStorage()
  const opened = await Promise.all(Array.from({ length: 6 }, () => storage.open()))
  await Promise.all(opened.map(({ config }, index) => config.set(`key ${index}`, "value", 1)))
  expect(await opened[0]?.config.entries()).toHaveLength(6)
})

test("a migration that fails half-way leaves nothing behind, and those before it stay", async () => {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-db-"))
  const engine = await SqliteEngine.open({ path: join(directory, "entrepot.db"), patienceMs: 100, pollMs: 10 })
  const known = migrations.map(({ number }) => number)
  const next = { number: known.length + 1, name: "next", sqlite: ["create table extra (a int)", "create nonsense"], postgres: [] }
  await expect(migrateSqlite(engine, [...migrations, next])).rejects.toThrow('near "nonsense": syntax error')
  await engine.migrate((client) => {
    expect(client.prepare("select number from migrations").pluck().all()).toEqual(known)
    expect(client.prepare("select name from sqlite_schema where name = 'extra'").all()).toEqual([])
  })
  await migrateSqlite(engine, [...migrations, { ...next, sqlite: next.sqlite.slice(0, 1) }])
  await engine.close()
  await expect(openDatabase({ kind: "sqlite", path: join(directory, "entrepot.db") })).rejects.toThrow(
    `the database was made by a newer version (migration ${known.length + 1}; this one knows ${known.length}): update, or restore an older copy`,
  )
  await rm(directory, { recursive: true })
})

test("a file from before the registry keeps what it has, and gets the registry's tables", async () => {
  await using storage = await sqliteStorage()
  const { path } = storage.location as { path: string }
  const engine = await SqliteEngine.open({ path, patienceMs: 100, pollMs: 10 })
  await migrateSqlite(engine, migrations.slice(0, 2))
  await engine.migrate((client) => {
    client.exec("insert into projects (name, owner_id, path, created_at) values ('team', 1, 'mirror/team', 5)")
  })
  await engine.close()
  const { projects, warehouse } = await storage.open()
  const project = { id: 1, name: "team", ownerId: 1, targetId: null, path: "mirror/team", createdAt: 5, isPublic: false }
  expect(await projects.list()).toEqual([project])
  const repository = await warehouse.ensureRepository({ name: "team/app", projectId: 1, registry: null }, 6)
  await warehouse.addBlob({ digest: "sha256:a", sizeBytes: 1, repositoryId: repository.id }, 7)
  expect(await warehouse.usage()).toEqual({ blobs: 1, bytes: 1, repositories: 1, manifests: 0 })
})

test("migrations are numbered from 1 without gaps", () => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
})

test("a file that is no database is refused, and left as it is", async () => {
  await using storage = await sqliteStorage()
  const { path } = storage.location as { path: string }
  const { writeFile, readFile } = await import("node:fs/promises")
  await writeFile(path, "not a database, but long enough to be looked at".repeat(100))
  await expect(storage.open()).rejects.toThrow("file is not a database")
  expect(await readFile(path, "utf8")).toContain("not a database, but")
  expect(() => new Sqlite(path).pragma("user_version")).toThrow()
})
