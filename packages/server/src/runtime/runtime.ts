import type { Database } from "@entrepot/db/stores"
import type { AccountService } from "../accounts/account-service.ts"
import type { Configuration } from "../configuration/configuration.ts"
import type { JobService } from "../jobs/job-service.ts"
import type { Metrics } from "../metrics/open-metrics.ts"
import type { ProjectService } from "../projects/project-service.ts"
import type { PullAccessService } from "../pull-access/pull-access-service.ts"
import type { AccessLogService } from "../registry/access-log/access-log-service.ts"
import type { RegistryService } from "../registry/administration/registry-service.ts"
import type { OpenRegistry } from "../registry/open-registry.ts"
import type { UpstreamService } from "../registry/upstreams/upstream-service.ts"
import type { ScheduleService } from "../schedules/schedule-service.ts"
import type { SettingsService } from "../settings/settings-service.ts"
import type { StatisticsService } from "../statistics/statistics-service.ts"
import type { TargetService } from "../targets/target-service.ts"
import type { WebhookService } from "../webhooks/webhook-service.ts"

/** What the interfaces (tRPC, REST, streams) are made of. */
export interface Services {
  readonly accounts: AccountService
  readonly jobs: JobService
  readonly statistics: StatisticsService
  readonly targets: TargetService
  readonly projects: ProjectService
  readonly schedules: ScheduleService
  readonly settings: SettingsService
  readonly registry: RegistryService
  readonly upstreams: UpstreamService
  readonly pullAccess: PullAccessService
  readonly accessLog: AccessLogService
  readonly webhooks: WebhookService
}

/** One line for people and machines; fields never carry secrets, and are redacted all the same. */
export interface Log {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** The application of one process: database, services, and the runner of its jobs. */
export interface Runtime {
  readonly configuration: Configuration
  readonly database: Database
  readonly services: Services
  /** What answers /v2 and /v1. */
  readonly registry: Pick<OpenRegistry, "handle" | "openLane">
  readonly metrics: Pick<Metrics, "scrape">
  readonly log: Log
  /** What whoever starts the server should know: the default token is in force, passwords are not kept, … */
  readonly notices: readonly string[]
  /** True until the first call of `drain`: new work is taken. */
  readonly accepting: boolean
  /** Stops taking work and gives running jobs `graceMs` to end; what is left goes back into the queue with its lease released (fault 50). */
  drain(graceMs: number): Promise<void>
  /** After drain: writes back the database's log and closes it. */
  close(): Promise<void>
}
