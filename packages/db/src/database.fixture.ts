import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { PostgresServer } from "@entrepot/testing"
import Sqlite from "better-sqlite3"
import { type DatabaseLocation, type OpenOptions, openDatabase } from "./open-database.ts"
import type { Database, NewJob } from "./stores.ts"

/** A place for one database, opened as often as a test likes: each is like another process. */
export interface TestStorage extends AsyncDisposable {
  readonly location: DatabaseLocation
  open(options?: OpenOptions): Promise<Database>
  /** Statements of the dialect, as somebody with a shell would run them. */
  execute(statement: string): Promise<void>
}

export type MakeStorage = () => Promise<TestStorage>

/** A file in a directory of its own. */
export async function sqliteStorage(): Promise<TestStorage> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-db-"))
  const location = { kind: "sqlite", path: join(directory, "entrepot.db") } as const
  return storage(location, {
    remove: () => rm(directory, { recursive: true, force: true }),
    execute: async (statement) => {
      const client = new Sqlite(location.path)
      client.exec(statement)
      client.close()
    },
  })
}

/** A database of a running server, a copy of `template` where one is given. */
export async function postgresStorage(server: PostgresServer, template?: string): Promise<TestStorage> {
  const name = await server.createDatabase(template)
  return storage(
    { kind: "postgres", url: server.url(name) },
    {
      remove: async () => void (await server.query(`drop database if exists ${name} with (force)`)),
      execute: async (statement) => void (await server.query(statement, name)),
    },
  )
}

function storage(
  location: DatabaseLocation,
  { remove, execute }: Pick<TestStorage, "execute"> & { readonly remove: () => Promise<void> },
): TestStorage {
  const opened: Database[] = []
  return {
    location,
    execute,
    async open(options) {
      const database = await openDatabase(location, { pollMs: 10, connections: 4, ...options })
      opened.push(database)
      return database
    },
    async [Symbol.asyncDispose]() {
      for (const database of opened) await database.close()
      await remove()
    },
  }
}

/** A mirror of nginx to a Harbor, by owner 1. */
export function newJob(changes: Partial<NewJob> = {}): NewJob {
  return {
    ownerId: 1,
    source: "nginx:1.27",
    target: "harbor.example.com/mirror/nginx:1.27",
    sourceHost: "docker.io",
    targetHost: "harbor.example.com",
    request: { source: "docker://nginx:1.27", target: "docker://harbor.example.com/mirror/nginx:1.27", engine: "direct" },
    priority: 0,
    ...changes,
  }
}
