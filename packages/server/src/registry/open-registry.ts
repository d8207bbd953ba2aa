import {
  type DeniedSockets,
  type HostLimits,
  type HttpOptions,
  normalizeHost,
  type ProxySettings,
  type SessionOptions,
  TransferSession,
} from "@entrepot/core"
import type { Database } from "@entrepot/db/stores"
import {
  createAccessLog,
  createRegistry,
  joinMeters,
  type Registry,
  type RegistryMeter,
  type RequestFacts,
  type SendFile,
} from "@entrepot/registry"
import type { AccountService } from "../accounts/account-service.ts"
import type { LoginBackoff } from "../accounts/login-backoff.ts"
import type { PasswordChecks } from "../accounts/password-checks.ts"
import type { Configuration, RegistryConfiguration } from "../configuration/configuration.ts"
import { clientOf, createProxyTrust } from "../http/client.ts"
import type { ObservedState } from "../metrics/state-metrics.ts"
import { openPullAccess } from "../pull-access/open-pull-access.ts"
import type { Log, Services } from "../runtime/runtime.ts"
import type { TargetCheckerOptions } from "../targets/check-target.ts"
import { SealedText } from "../targets/sealed-text.ts"
import { createAccessLogService } from "./access-log/create-access-log-service.ts"
import { createRegistryService } from "./administration/create-registry-service.ts"
import { CareRuns } from "./care/care-runs.ts"
import { createEmbeddedRegistry, type EmbeddedRegistry } from "./embedded/embedded-registry.ts"
import { openWarehouse } from "./open-warehouse.ts"
import { commonProject } from "./project-places.ts"
import { createUpstreamService } from "./upstreams/create-upstream-service.ts"
import { LiveUpstreams } from "./upstreams/live-upstreams.ts"
import { seedUpstreams } from "./upstreams/well-known-upstreams.ts"

export interface OpenRegistryOptions {
  readonly configuration: Configuration
  readonly database: Database
  readonly accounts: Pick<AccountService, "byBearer" | "onEnded">
  /** Shared with the account service. */
  readonly passwords: PasswordChecks
  readonly backoff: LoginBackoff
  /** Gates of hosts, shared with the jobs. */
  readonly limits: HostLimits
  readonly proxies: ProxySettings
  /** This server's own sockets. */
  readonly denied: DeniedSockets
  readonly http: Pick<HttpOptions, "retry" | "lookup" | "userAgent" | "connectTimeoutMs">
  readonly session: Omit<SessionOptions, "pace" | "limitRate">
  /** This process, as `processId` names it. */
  readonly holder: string
  /** Who is told of what happens in the registry. */
  readonly meters?: readonly Partial<RegistryMeter>[]
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The registry of this process, and what the application does with it. */
export interface OpenRegistry extends Pick<Registry, "handle" | "openLane"> {
  readonly embedded: EmbeddedRegistry
  readonly services: Pick<Services, "registry" | "upstreams" | "pullAccess" | "accessLog">
  /** How it is now, for metrics. */
  readonly state: Pick<ObservedState, "upstreams" | "accessLog">
  /** For whoever has changed projects or web users: the change is in force at /v2 when it resolves. */
  refresh(): Promise<void>
  /** Ends what it asks of upstreams, writes down what waits, and lets go of the blobs. The database stays open. */
  close(): Promise<void>
}

/** @throws ServiceError `invalid` for settings that contradict each other; TransferError `local_io`; when the database does not answer. */
export async function openRegistry(options: OpenRegistryOptions): Promise<OpenRegistry> {
  const { configuration, database, log, now, limits, proxies, denied } = options
  const { registry: settings, hosts } = configuration
  await seedUpstreams(database, now())
  const seals = new SealedText(configuration.accounts.masterKeys, undefined, "upstream")
  const live = new LiveUpstreams({ store: database.upstreams, seals, hosts, configured: settings.upstream, log })
  await live.refresh()
  const care = new CareRuns({ stores: database, holder: options.holder, log, now })
  const kept = await openWarehouse(configuration, database, { observer: care, log, now })
  const access = await openPullAccess({
    stores: database,
    configuration: settings,
    serverSecrets: configuration.accounts.serverSecrets,
    upstreams: live,
    keys: options.accounts,
    passwords: options.passwords,
    backoff: options.backoff,
    log,
    now,
  }).catch(async (error: unknown) => {
    await kept.close()
    throw error
  })
  const accessLog = createAccessLog({ store: database.accessLog, keepDays: settings.accessLogDays, log, now })
  const { retry, ...transport } = options.http
  const registry = createRegistry({
    warehouse: kept.warehouse,
    blobs: kept.blobs,
    upstreams: live,
    upstreamHttp: { ...transport, limits, proxies, denied },
    session: new TransferSession({ maxWaitMs: limits.maxWaitMs, ...options.session }),
    rules: access.rules,
    authenticator: access.authenticator,
    tokens: { secrets: configuration.accounts.serverSecrets, service: settings.service },
    selfOrigin: settings.self,
    skipAuthProxy: settings.skipAuthProxy,
    tagLifetimeMs: settings.tagLifetimeMs,
    clientOf: createClientReader(configuration),
    accessLog,
    meter: joinMeters(options.meters ?? []),
    sendFile: sendFileOf(settings),
    maintenance: { observer: care },
    log,
    now,
  })
  const embedded = createEmbeddedRegistry({
    stores: database,
    configuration,
    hosted: (repository) => kept.warehouse.hosted(repository),
    changed: access.refresh,
    now,
  })
  // Before anybody asks: what another process puts into a project that this one has not heard of yet would be looked for at an upstream.
  await embedded.ensureCommonProject().catch(async (error: unknown) => {
    await Promise.all([registry.close(), accessLog.close(), access.close()])
    await kept.close()
    throw error
  })
  const check: TargetCheckerOptions = { http: { ...options.http, denied, proxies, limits } }
  live.watch()
  registry.start()
  return {
    handle: registry.handle,
    openLane: registry.openLane,
    embedded,
    services: {
      registry: createRegistryService({
        stores: database,
        warehouse: kept.warehouse,
        blobs: kept.blobs,
        blobDirectory: settings.blobDirectory,
        care,
        place: () => ({
          origin: originOf(configuration, embedded.host),
          registries: registriesOf(live),
          defaultRegistry: live.defaultRegistry,
          ...{ host: embedded.host, project: commonProject, open: access.rules.open },
        }),
        quotaBytes: settings.quotaBytes,
        log,
        now,
      }),
      upstreams: createUpstreamService({
        ...{ stores: database, live, seals, hosts, check, log, now },
        health: () => registry.proxy.health(),
      }),
      pullAccess: access.service,
      accessLog: createAccessLogService({ stores: database, written: accessLog, log, now }),
    },
    state: { upstreams: () => registry.proxy.health(), accessLog },
    refresh: access.refresh,
    async close() {
      await live.stop()
      await care.close()
      await registry.close()
      await accessLog.close()
      await access.close()
      await kept.close()
    },
  }
}

/** As clients are told of this server. */
function originOf({ publicUrl, registry: { self } }: Configuration, host: string): string {
  if (self !== undefined) return self
  return publicUrl === undefined ? `http://${host}` : new URL(publicUrl).origin
}

/** Those that are read through, each once, in the order in which they are asked. */
function registriesOf(upstreams: LiveUpstreams): readonly string[] {
  const enabled = upstreams.list().filter((upstream) => upstream.enabled)
  return [...new Set(enabled.map(({ registry }) => normalizeHost(registry.toLowerCase())))]
}

/** Asked for every request: without trusted proxies, who it is hangs on the connection alone. */
function createClientReader({ trustedProxies }: Pick<Configuration, "trustedProxies">) {
  const trusted = createProxyTrust(trustedProxies)
  if (trustedProxies.length > 0) return (request: RequestFacts) => clientOf(request, trusted)
  const addresses = new WeakMap<object, string>()
  return (request: RequestFacts) => {
    const { socket } = request
    let address = addresses.get(socket)
    if (address === undefined) {
      address = clientOf(request, trusted).address
      addresses.set(socket, address)
    }
    return { address, https: "encrypted" in socket && socket.encrypted === true, host: request.headers.host }
  }
}

function sendFileOf({ sendfile, blobDirectory }: RegistryConfiguration): SendFile | undefined {
  if (sendfile === undefined) return undefined
  return sendfile.header === "x-sendfile"
    ? { header: "X-Sendfile", prefix: `${blobDirectory}/` }
    : { header: "X-Accel-Redirect", prefix: `${sendfile.prefix}/` }
}
