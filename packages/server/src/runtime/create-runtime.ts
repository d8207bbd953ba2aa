import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { HostLimits, type HttpOptions, proxySettings, RateLimit, type SessionOptions, systemClock } from "@entrepot/core"
import type { Database } from "@entrepot/db/stores"
import type { AccountServiceOptions } from "../accounts/account-context.ts"
import { createAccountService } from "../accounts/create-account-service.ts"
import { LoginBackoff } from "../accounts/login-backoff.ts"
import { PasswordChecks } from "../accounts/password-checks.ts"
import type { Configuration } from "../configuration/configuration.ts"
import { createJobService } from "../jobs/create-job-service.ts"
import { CredentialVault } from "../jobs/credential-vault.ts"
import { ChangeFeed } from "../jobs/follow/change-feed.ts"
import { JobFollowers } from "../jobs/follow/job-followers.ts"
import { QueueFollowers } from "../jobs/follow/queue-followers.ts"
import { ownSockets } from "../jobs/own-address.ts"
import { JobRunner } from "../jobs/run/job-runner.ts"
import { LeaseWatch } from "../jobs/run/lease-watch.ts"
import { Patience, type PatienceOptions } from "../jobs/run/patience.ts"
import { processId } from "../jobs/run/process-id.ts"
import { Transfers } from "../jobs/run/transfers.ts"
import { openMetrics } from "../metrics/open-metrics.ts"
import { createProjectService } from "../projects/create-project-service.ts"
import { type OpenRegistryOptions, openRegistry } from "../registry/open-registry.ts"
import { commonProject } from "../registry/project-places.ts"
import { createScheduleService } from "../schedules/create-schedule-service.ts"
import { createScheduler } from "../schedules/create-scheduler.ts"
import { createSettingsService } from "../settings/create-settings-service.ts"
import { LiveSettings } from "../settings/live-settings.ts"
import { createStatisticsService } from "../statistics/create-statistics-service.ts"
import { createServedRecorder } from "../statistics/served-recorder.ts"
import { createTargetService } from "../targets/create-target-service.ts"
import { openWebhooks } from "../webhooks/open-webhooks.ts"
import { openDatabase } from "./open-database.ts"
import type { Log, Runtime } from "./runtime.ts"

export interface RuntimeOptions {
  readonly log: Log
  /** In place of the configuration's. Closing the runtime closes it. */
  readonly database?: Database
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
  /** How registries are reached and how often they are asked again. */
  readonly http?: Pick<HttpOptions, "retry" | "lookup" | "userAgent" | "connectTimeoutMs">
  readonly session?: Omit<SessionOptions, "pace" | "limitRate">
  /** Longest pause that a host may ask for before its jobs give up their places and wait. Default 10,000. */
  readonly patienceMs?: number
  readonly patience?: PatienceOptions
  /** A process that was silent for so long counts as gone. Default 30,000. */
  readonly leaseMs?: number
  /** Default a tenth of the lease. */
  readonly heartbeatMs?: number
  /** Who else is told of what happens in the registry. */
  readonly meters?: NonNullable<OpenRegistryOptions["meters"]>
  /** What hashing a password costs. */
  readonly accounts?: Pick<AccountServiceOptions, "cost" | "derive">
}

/** What is under way to a webhook when the jobs have ended has so long to arrive; it is sent after the next start otherwise. */
const lastWordsMs = 2_000

const passwordsNotKept = "passwords of saved targets are not kept: MASTER_KEY_FILE names the key that they would be sealed with"

/** Opens the database (migrating it), takes over what dead processes left, and begins to run jobs. @throws when the database cannot be opened. */
export async function createRuntime(configuration: Configuration, options: RuntimeOptions): Promise<Runtime> {
  const database = options.database ?? (await openDatabase(configuration))
  try {
    return await startRuntime(configuration, database, options)
  } catch (error) {
    await database.close()
    throw error
  }
}

async function startRuntime(configuration: Configuration, database: Database, options: RuntimeOptions): Promise<Runtime> {
  const { log, now = Date.now, leaseMs = 30_000, heartbeatMs = leaseMs / 10, patienceMs = 10_000 } = options
  const { jobs } = database
  const monotonic = () => performance.now()
  const proxies = proxySettings(configuration.proxyVariables)
  const limits = new HostLimits({ maxWaitMs: patienceMs })
  const denied = ownSockets(configuration)

  const passwords = new PasswordChecks({ now, randomBytes, ...options.accounts })
  const backoff = new LoginBackoff(now)
  const accounts = createAccountService({ stores: database, settings: configuration.accounts, log, now, passwords, backoff })
  const tokenNotices = await accounts.initialise()
  const recorder = createServedRecorder({ store: database.served, log, now })
  const webhooks = openWebhooks({ ...{ configuration, database, proxies, denied, log, now }, http: options.http ?? {} })
  const metrics = openMetrics({ log, now })
  const holder = await processId()
  const registry = await openRegistry({
    ...{ configuration, database, accounts, passwords, backoff, limits, proxies, denied, holder, log, now },
    http: options.http ?? {},
    session: options.session ?? {},
    meters: [recorder, webhooks.meter, metrics.meter, ...(options.meters ?? [])],
  })
  metrics.observe({
    ...registry.state,
    stores: database,
    blobDirectory: configuration.registry.blobDirectory,
    quotaBytes: configuration.registry.quotaBytes,
  })
  const { embedded } = registry
  const targets = createTargetService({
    stores: database,
    masterKeys: configuration.accounts.masterKeys,
    hosts: configuration.hosts,
    check: { http: { ...options.http, denied, proxies, limits } },
    own: embedded,
    defaultTarget: configuration.jobs.defaultTarget?.address ?? `${embedded.host}/${commonProject}`,
    log,
    now,
  })

  const live = new LiveSettings({ config: database.config, configuration, log, now })
  const rate = new RateLimit(live.values.limitRate ?? undefined, systemClock)
  live.subscribe(({ limitRate }) => rate.change(limitRate ?? undefined))

  const vault = new CredentialVault()
  const feed = new ChangeFeed({ database, log })
  const followers = new JobFollowers({ jobs, feed, log, now })
  const watch = new LeaseWatch(leaseMs, monotonic, now)
  const transfers = new Transfers({
    limits,
    pace: rate.pace,
    proxies,
    hosts: configuration.hosts,
    denied,
    openOwn: (reference) => embedded.openTarget(reference),
    docker: configuration.docker,
    cacheDirectory: join(configuration.dataDirectory, "cache"),
    mayRun: () => !watch.isLate,
    ...(options.http ? { http: options.http } : {}),
    ...(options.session ? { session: options.session } : {}),
  })
  let accepting = true
  const jobService = createJobService({
    jobs,
    followers,
    queue: new QueueFollowers({ database, log }),
    targets,
    embedded,
    configuration,
    vault,
    transfers,
    holder,
    isAccepting: () => accepting,
    now,
    monotonic,
  })
  const runner = new JobRunner({
    id: holder,
    jobs,
    feed,
    watch,
    leaseMs,
    heartbeatMs,
    configuration,
    settings: live,
    targets,
    vault,
    transfers,
    patience: new Patience(options.patience),
    tell: (jobId, event, at) => followers.tell(jobId, event, at),
    log,
    now,
    monotonic,
  })
  const statistics = createStatisticsService({ stores: database, recorder, now })
  const schedules = createScheduleService({ stores: database, jobs: jobService, log, now })
  const scheduler = createScheduler({ stores: database, jobs: jobService, log, now })
  const { defaultTarget } = configuration.jobs
  const projects = createProjectService({
    stores: database,
    jobs: jobService,
    targets,
    defaultTarget,
    embedded,
    changed: registry.refresh,
    log,
    now,
  })

  const settings = createSettingsService({ stores: database, live, log, now })

  await live.refresh()
  await runner.start()
  scheduler.start()
  webhooks.start()
  live.watch()
  return {
    configuration,
    database,
    services: {
      accounts,
      jobs: jobService,
      statistics,
      targets,
      projects,
      schedules,
      settings,
      webhooks: webhooks.service,
      ...registry.services,
    },
    registry,
    metrics,
    log,
    notices: [...configuration.warnings, ...tokenNotices, ...(targets.keepsPasswords ? [] : [passwordsNotKept])],
    get accepting() {
      return accepting
    },
    drain: async (graceMs) => {
      accepting = false
      await scheduler.stop()
      await runner.drain(graceMs)
      await webhooks.stop(Math.min(graceMs, lastWordsMs))
    },
    close: async () => {
      accepting = false
      await scheduler.stop()
      await runner.drain(0)
      await runner.stop()
      await transfers.closeIdle()
      await live.stop()
      await webhooks.stop(0)
      feed.stop()
      await registry.close()
      await recorder.close()
      await database.close()
    },
  }
}
