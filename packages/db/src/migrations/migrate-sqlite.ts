import type { SqliteEngine } from "../engine/sqlite-engine.ts"
import { checkKnown } from "./check-known.ts"
import { type Migration, migrations } from "./migrations.ts"

/**
 * Brings a file to the newest migration, each in a transaction of its own; of several processes one does each, the others wait.
 * @throws Error when the file was made by a newer version.
 */
export async function migrateSqlite(engine: SqliteEngine, list: readonly Migration[] = migrations): Promise<void> {
  await engine.migrate((client) => {
    client.exec(
      "create table if not exists migrations (number integer primary key, name text not null, applied_at integer not null)",
    )
    checkKnown(client.prepare("select number from migrations").pluck().all() as number[], list)
  })
  for (const migration of list) {
    await engine.migrate((client) => {
      if (client.prepare("select 1 from migrations where number = ?").get(migration.number)) return
      for (const statement of migration.sqlite) client.exec(statement)
      client
        .prepare("insert into migrations (number, name, applied_at) values (?, ?, ?)")
        .run(migration.number, migration.name, Date.now())
    })
  }
}
