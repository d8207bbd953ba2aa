import type { PostgresEngine } from "../engine/postgres-engine.ts"
import { checkKnown } from "./check-known.ts"
import { type Migration, migrations } from "./migrations.ts"

/**
 * Brings a database to the newest migration, each in a transaction of its own; of several processes one does each, the others wait.
 * @throws Error when the database was made by a newer version.
 */
export async function migratePostgres(engine: PostgresEngine, list: readonly Migration[] = migrations): Promise<void> {
  await engine.migrate(async (client) => {
    await client.query(
      "create table if not exists migrations (number int primary key, name text not null, applied_at bigint not null)",
    )
    const applied = await client.query<{ number: number }>("select number from migrations")
    checkKnown(
      applied.rows.map(({ number }) => number),
      list,
    )
  })
  for (const migration of list) {
    await engine.migrate(async (client) => {
      const known = await client.query("select 1 from migrations where number = $1", [migration.number])
      if (known.rows.length > 0) return
      for (const statement of migration.postgres) await client.query(statement)
      await client.query("insert into migrations (number, name, applied_at) values ($1, $2, $3)", [
        migration.number,
        migration.name,
        Date.now(),
      ])
    })
  }
}
