import * as postgresAccounts from "./postgres/accounts.ts"
import * as postgresConfig from "./postgres/config.ts"
import * as postgresJobs from "./postgres/jobs.ts"
import * as postgresPullAccess from "./postgres/pull-access.ts"
import * as postgresSchedules from "./postgres/schedules.ts"
import * as postgresTargets from "./postgres/targets.ts"
import * as postgresWarehouse from "./postgres/warehouse.ts"
import * as sqliteAccounts from "./sqlite/accounts.ts"
import * as sqliteConfig from "./sqlite/config.ts"
import * as sqliteJobs from "./sqlite/jobs.ts"
import * as sqlitePullAccess from "./sqlite/pull-access.ts"
import * as sqliteSchedules from "./sqlite/schedules.ts"
import * as sqliteTargets from "./sqlite/targets.ts"
import * as sqliteWarehouse from "./sqlite/warehouse.ts"

/** Every table of SQLite. */
export const sqliteTables = {
  ...sqliteConfig,
  ...sqliteAccounts,
  ...sqliteTargets,
  ...sqliteJobs,
  ...sqliteSchedules,
  ...sqliteWarehouse,
  ...sqlitePullAccess,
}

/** Every table of PostgreSQL: the same names, columns and keys, which tables.test.ts holds it to. */
export const postgresTables = {
  ...postgresConfig,
  ...postgresAccounts,
  ...postgresTargets,
  ...postgresJobs,
  ...postgresSchedules,
  ...postgresWarehouse,
  ...postgresPullAccess,
}

/** The tables as stores see them, whichever dialect they are of. */
export type Tables = typeof sqliteTables
