import * as sqliteAccessLog from "./sqlite/access-log.ts"
import * as sqliteAccounts from "./sqlite/accounts.ts"
import * as sqliteCare from "./sqlite/care.ts"
import * as sqliteConfig from "./sqlite/config.ts"
import * as sqliteJobs from "./sqlite/jobs.ts"
import * as sqlitePullAccess from "./sqlite/pull-access.ts"
import * as sqliteSchedules from "./sqlite/schedules.ts"
import * as sqliteServed from "./sqlite/served.ts"
import * as sqliteStatistics from "./sqlite/statistics.ts"
import * as sqliteTargets from "./sqlite/targets.ts"
import * as sqliteUpstreams from "./sqlite/upstreams.ts"
import * as sqliteWarehouse from "./sqlite/warehouse.ts"
import * as sqliteWebhooks from "./sqlite/webhooks.ts"

/** Every table of SQLite. */
export const sqliteTables = {
  ...sqliteConfig,
  ...sqliteAccounts,
  ...sqliteTargets,
  ...sqliteJobs,
  ...sqliteStatistics,
  ...sqliteSchedules,
  ...sqliteUpstreams,
  ...sqliteWarehouse,
  ...sqlitePullAccess,
  ...sqliteAccessLog,
  ...sqliteServed,
  ...sqliteCare,
  ...sqliteWebhooks,
}
