import { SqlAccessLogStore } from "./access-log/sql-access-log-store.ts"
import { SqlApiKeyStore } from "./accounts/sql-api-key-store.ts"
import { SqlAuditStore } from "./accounts/sql-audit-store.ts"
import { SqlSessionStore } from "./accounts/sql-session-store.ts"
import { SqlUserStore } from "./accounts/sql-user-store.ts"
import { SqlCareRunStore } from "./care/sql-care-run-store.ts"
import { SqlConfigStore } from "./config/sql-config-store.ts"
import type { Engine } from "./engine/engine.ts"
import { SqliteEngine } from "./engine/sqlite-engine.ts"
import { SqlJobStore } from "./jobs/sql-job-store.ts"
import { migratePostgres } from "./migrations/migrate-postgres.ts"
import { migrateSqlite } from "./migrations/migrate-sqlite.ts"
import { SqlProjectStore } from "./projects/sql-project-store.ts"
import { SqlAccessRuleStore } from "./pull-access/sql-access-rule-store.ts"
import { SqlProjectMemberStore } from "./pull-access/sql-project-member-store.ts"
import { SqlPullUserStore } from "./pull-access/sql-pull-user-store.ts"
import { SqlScheduleStore } from "./schedules/sql-schedule-store.ts"
import { SqlServedStore } from "./served/sql-served-store.ts"
import { SqlStatisticsStore } from "./statistics/sql-statistics-store.ts"
import type { Database } from "./stores.ts"
import { SqlTargetStore } from "./targets/sql-target-store.ts"
import { SqlUpstreamStore } from "./upstreams/sql-upstream-store.ts"
import { SqlWarehouseStore } from "./warehouse/sql-warehouse-store.ts"
import { SqlWebhookStore } from "./webhooks/sql-webhook-store.ts"

/** Where the database is: a file, or a server (`postgres://user:password@host/database`). */
export type DatabaseLocation =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres"; readonly url: string }

export interface OpenOptions {
  /** How long a busy file or a lost server is waited for before a call fails. Default 30 s. */
  readonly patienceMs?: number
  /** How often SQLite is asked for what other processes wrote. Default 50 ms. */
  readonly pollMs?: number
  /** Connections to PostgreSQL beside the one that listens. Default 10. */
  readonly connections?: number
}

/** Opens a database, makes it where there is none (the directory of a file has to be there), and brings it to the newest migration. */
export async function openDatabase(location: DatabaseLocation, options: OpenOptions = {}): Promise<Database> {
  return databaseOf(await openEngine(location, options))
}

async function openEngine(location: DatabaseLocation, options: OpenOptions): Promise<Engine> {
  const { patienceMs = 30_000, pollMs = 50, connections = 10 } = options
  if (location.kind === "sqlite") {
    const engine = await SqliteEngine.open({ path: location.path, patienceMs, pollMs })
    return await readied(engine, () => migrateSqlite(engine))
  }
  // Its driver takes longer to load than SQLite to open.
  const { PostgresEngine } = await import("./engine/postgres-engine.ts")
  const engine = new PostgresEngine({ url: location.url, patienceMs, connections })
  return await readied(engine, async () => {
    await migratePostgres(engine)
    await engine.findTextSearch()
  })
}

async function readied(engine: Engine, prepare: () => Promise<void>): Promise<Engine> {
  try {
    await prepare()
    return engine
  } catch (error) {
    await engine.close()
    throw error
  }
}

function databaseOf(engine: Engine): Database {
  return {
    dialect: engine.dialect,
    config: new SqlConfigStore(engine),
    jobs: new SqlJobStore(engine),
    statistics: new SqlStatisticsStore(engine),
    users: new SqlUserStore(engine),
    sessions: new SqlSessionStore(engine),
    apiKeys: new SqlApiKeyStore(engine),
    audit: new SqlAuditStore(engine),
    targets: new SqlTargetStore(engine),
    projects: new SqlProjectStore(engine),
    schedules: new SqlScheduleStore(engine),
    warehouse: new SqlWarehouseStore(engine),
    upstreams: new SqlUpstreamStore(engine),
    pullUsers: new SqlPullUserStore(engine),
    accessRules: new SqlAccessRuleStore(engine),
    projectMembers: new SqlProjectMemberStore(engine),
    accessLog: new SqlAccessLogStore(engine),
    served: new SqlServedStore(engine),
    careRuns: new SqlCareRunStore(engine),
    webhooks: new SqlWebhookStore(engine),
    onChange: (listener) => engine.onChange(listener),
    ping: () => engine.ping(),
    close: () => engine.close(),
  }
}
