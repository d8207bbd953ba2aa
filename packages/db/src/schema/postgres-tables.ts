import * as postgresAccessLog from "./postgres/access-log.ts"
import * as postgresAccounts from "./postgres/accounts.ts"
import * as postgresCare from "./postgres/care.ts"
import * as postgresConfig from "./postgres/config.ts"
import * as postgresJobs from "./postgres/jobs.ts"
import * as postgresPullAccess from "./postgres/pull-access.ts"
import * as postgresSchedules from "./postgres/schedules.ts"
import * as postgresServed from "./postgres/served.ts"
import * as postgresStatistics from "./postgres/statistics.ts"
import * as postgresTargets from "./postgres/targets.ts"
import * as postgresUpstreams from "./postgres/upstreams.ts"
import * as postgresWarehouse from "./postgres/warehouse.ts"
import * as postgresWebhooks from "./postgres/webhooks.ts"

/** Every table of PostgreSQL: the same names, columns and keys, which tables.test.ts holds it to. */
export const postgresTables = {
  ...postgresConfig,
  ...postgresAccounts,
  ...postgresTargets,
  ...postgresJobs,
  ...postgresStatistics,
  ...postgresSchedules,
  ...postgresUpstreams,
  ...postgresWarehouse,
  ...postgresPullAccess,
  ...postgresAccessLog,
  ...postgresServed,
  ...postgresCare,
  ...postgresWebhooks,
}
