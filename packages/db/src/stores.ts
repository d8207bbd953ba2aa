/** What the database keeps, as types: for everyone who is handed stores. Nothing here loads a driver or Drizzle. */

export type * from "./access-log/access-log-store.ts"
export * from "./accounts/account.ts"
export * from "./accounts/account-stores.ts"
export type * from "./care/care-run-store.ts"
export type * from "./config/config-store.ts"
export { DatabaseUnavailable } from "./engine/database-unavailable.ts"
export * from "./jobs/job.ts"
export type * from "./jobs/job-store.ts"
export * from "./projects/project-store.ts"
export type * from "./pull-access/pull-access-stores.ts"
export type * from "./schedules/schedule-store.ts"
export type * from "./served/served-store.ts"
export type * from "./statistics/statistics-store.ts"
export type * from "./targets/target-store.ts"
export type * from "./upstreams/upstream-store.ts"
export type * from "./warehouse/warehouse-store.ts"
export * from "./webhooks/webhook-store.ts"

import type { AccessLogStore } from "./access-log/access-log-store.ts"
import type { ApiKeyStore, AuditStore, SessionStore, UserStore } from "./accounts/account-stores.ts"
import type { CareRunStore } from "./care/care-run-store.ts"
import type { ConfigStore } from "./config/config-store.ts"
import type { JobStore } from "./jobs/job-store.ts"
import type { ProjectStore } from "./projects/project-store.ts"
import type { AccessRuleStore, ProjectMemberStore, PullUserStore } from "./pull-access/pull-access-stores.ts"
import type { ScheduleStore } from "./schedules/schedule-store.ts"
import type { ServedStore } from "./served/served-store.ts"
import type { StatisticsStore } from "./statistics/statistics-store.ts"
import type { TargetStore } from "./targets/target-store.ts"
import type { UpstreamStore } from "./upstreams/upstream-store.ts"
import type { WarehouseStore } from "./warehouse/warehouse-store.ts"
import type { WebhookStore } from "./webhooks/webhook-store.ts"

/** An open database. */
export interface Database {
  readonly dialect: "sqlite" | "postgres"
  readonly config: ConfigStore
  readonly jobs: JobStore
  readonly statistics: StatisticsStore
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly apiKeys: ApiKeyStore
  readonly audit: AuditStore
  readonly targets: TargetStore
  readonly projects: ProjectStore
  readonly schedules: ScheduleStore
  readonly warehouse: WarehouseStore
  readonly upstreams: UpstreamStore
  readonly pullUsers: PullUserStore
  readonly accessRules: AccessRuleStore
  readonly projectMembers: ProjectMemberStore
  readonly accessLog: AccessLogStore
  readonly served: ServedStore
  readonly careRuns: CareRunStore
  readonly webhooks: WebhookStore
  /**
   * Calls back after jobs or their events have changed, or a webhook has something new to be told: at once for what this process did, within a tenth of
   * a second for other processes. Returns how to stop that.
   */
  onChange(listener: () => void): () => void
  /** @throws when the database does not answer. */
  ping(): Promise<void>
  /** Writes back what is in the log (SQLite's WAL), and closes. */
  close(): Promise<void>
}
