import { createRequire } from "node:module"
import { join } from "node:path"
import type { Execute } from "./fill-history.ts"

/** A connection that is filled through, around the application's own statements. */
export interface RawConnection {
  readonly execute: Execute
  close(): Promise<void>
}

interface SqliteConnection {
  pragma(text: string): unknown
  prepare(statement: string): { run(...values: unknown[]): unknown }
  transaction(work: () => void): () => void
  close(): void
}

interface PostgresClient {
  connect(): Promise<void>
  query(statement: string, values?: unknown[]): Promise<unknown>
  end(): Promise<void>
}

/** The driver that packages/db uses, from where it is installed. `root` is the repository. */
function driver<Driver>(root: string, name: string): Driver {
  return createRequire(join(root, "packages/db/package.json"))(name) as Driver
}

/** Does not wait for the disk. */
export function openRawSqlite(root: string, path: string): RawConnection {
  const Sqlite = driver<new (path: string) => SqliteConnection>(root, "better-sqlite3")
  const raw = new Sqlite(path)
  raw.pragma("synchronous = OFF")
  return {
    execute: async (statement, rows) => {
      const prepared = raw.prepare(statement)
      const runAll = raw.transaction(() => {
        for (const row of rows ?? [[]]) prepared.run(...row)
      })
      runAll()
    },
    close: async () => {
      raw.pragma("wal_checkpoint(TRUNCATE)")
      raw.close()
    },
  }
}

export async function openRawPostgres(root: string, url: string): Promise<RawConnection> {
  const { Client } = driver<{ Client: new (options: { connectionString: string }) => PostgresClient }>(root, "pg")
  const client = new Client({ connectionString: url })
  await client.connect()
  return {
    execute: async (statement, rows) => {
      if (rows) for (const row of rows) await client.query(statement, [...row])
      else await client.query(statement)
    },
    close: () => client.end(),
  }
}
