import type { IncomingMessage, Server, ServerResponse } from "node:http"
import type { TransferSession } from "@entrepot/core"
import type { AccessRules, Authenticator } from "./access/access.ts"
import { createGate, type GateOptions } from "./access/create-gate.ts"
import type { AccessLog } from "./access-log/access-entry.ts"
import type { BlobStore } from "./blobs/blob-store.ts"
import { createRegistryListener } from "./http/create-registry-listener.ts"
import { openLane } from "./http/lane/connection-lane.ts"
import { recallManifest } from "./http/lane/recall-manifest.ts"
import type { RequestFacts } from "./http/question.ts"
import type { RegistryParts, RequestClient, SendFile } from "./http/registry-parts.ts"
import { Fills } from "./proxy/fills/fills.ts"
import { RegistryProxy, type RegistryProxyOptions } from "./proxy/registry-proxy.ts"
import type { HostedName } from "./proxy/resolved-name.ts"
import type { UpstreamList } from "./proxy/upstream.ts"
import { RegistryError } from "./registry-error.ts"
import type { RegistryMeter } from "./registry-meter.ts"
import type { HostedRepository } from "./warehouse/hosted-repository.ts"
import { Maintenance, type MaintenanceOptions } from "./warehouse/maintenance/maintenance.ts"
import type { Warehouse } from "./warehouse/warehouse.ts"

export interface RegistryOptions {
  /** Opened, and closed after the registry, by whoever makes one: others use them too. */
  readonly warehouse: Warehouse
  readonly blobs: BlobStore
  readonly upstreams: UpstreamList
  /** How upstreams are reached: gates that the process shares, our own sockets that are never dialled, proxies, … */
  readonly upstreamHttp: RegistryProxyOptions["http"]
  /** How blobs are fetched: retries, width, the rate cap. */
  readonly session: TransferSession
  readonly rules: AccessRules
  readonly authenticator: Authenticator
  readonly tokens: GateOptions["tokens"]
  /** SELF_REGISTRY, where it is set: an origin. */
  readonly selfOrigin?: string | undefined
  /** SKIP_AUTH_PROXY. */
  readonly skipAuthProxy?: boolean
  /** How long tags are believed whose upstream says nothing of it, milliseconds. Default 60,000. */
  readonly tagLifetimeMs?: number
  /** How long caches in front may keep what a tag points at, seconds. Default a minute, and never longer than we believe tags ourselves. */
  readonly tagCacheS?: number
  /** Who sent a request. It is called for every one, so it remembers what is costly. */
  readonly clientOf: (request: RequestFacts) => RequestClient
  readonly accessLog?: Pick<AccessLog, "add"> | undefined
  readonly meter?: RegistryMeter | undefined
  readonly sendFile?: SendFile | undefined
  /** A client that sends nothing of a body for so long is cut off, milliseconds. Default 60,000. */
  readonly bodyIdleMs?: number
  readonly maintenance?: MaintenanceOptions
  /** Milliseconds since 1970. Default the system's. */
  readonly now?: () => number
  readonly log: RegistryLog
}

/** Where the registry says what an operator should know. */
export interface RegistryLog {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** The registry of one process. */
export interface Registry {
  /** Answers what is below /v2 and /v1, in every spelling. False: not ours, and nothing was touched. */
  handle(request: IncomingMessage, response: ServerResponse): boolean
  /**
   * Answers what is in memory before Node's parser comes into play, for a server whose requests come to `handle`. Returns how to close the
   * connections that wait for their next request.
   */
  openLane(server: Server): { close(): void }
  readonly proxy: RegistryProxy
  /** Begins to look after the warehouse: garbage, rot, what a crash has left. Nothing has to wait for it. */
  start(): void
  /** Ends what is asked of upstreams, and what looks after the warehouse. Requests that are being answered end with their connections. */
  close(): Promise<void>
}

/** Puts the registry together. It listens nowhere: `handle` stands behind whichever server owns the port. @throws RangeError for unusable secrets. */
export function createRegistry(options: RegistryOptions): Registry {
  const { warehouse, blobs, upstreams, rules, session, meter, log, now = Date.now } = options
  const tagLifetimeMs = options.tagLifetimeMs ?? 60_000
  const fills = new Fills({ blobs, warehouse, session, log })
  const proxy = new RegistryProxy({ warehouse, fills, upstreams, http: options.upstreamHttp, meter, tagLifetimeMs, now })
  const isProject = (name: string) => rules.project(name) !== undefined
  const gate = createGate({
    rules,
    authenticator: options.authenticator,
    tokens: options.tokens,
    resolve: (name, origin) => proxy.resolve(name, { host: hostOf(origin), isProject }),
    selfOrigin: options.selfOrigin,
    isVirtualHost: (origin) => proxy.isVirtualHost(hostOf(origin) ?? ""),
    skipAuthProxy: options.skipAuthProxy ?? false,
    upstream: proxy.login,
    now,
  })
  const maintenance = new Maintenance(warehouse, log, options.maintenance)
  const parts: RegistryParts = {
    gate,
    resolve: (name, { host, ns }) => proxy.resolve(name, { host, ns, isProject }),
    proxied: (name, identity) => proxy.repository(name, identity),
    hosted: (name) => hostedIn(warehouse, rules, name),
    mayLogInUpstream: ({ registry }) => rules.open && registry === proxy.login.registry,
    repositories: (page) => proxy.repositories(page),
    search: (query, signal) => proxy.search(query, signal),
    nameOfResult: (result) => proxy.nameOfResult(result),
    clientOf: options.clientOf,
    accessLog: options.accessLog,
    meter,
    sendFile: options.sendFile,
    tagCacheS: Math.min(options.tagCacheS ?? 60, Math.floor(tagLifetimeMs / 1000)),
    bodyIdleMs: options.bodyIdleMs ?? 60_000,
    log,
  }
  return {
    handle: createRegistryListener(parts),
    openLane: (server) => openLane(server, { answer: (head, socket) => recallManifest(parts, head, socket) }),
    proxy,
    start: () => maintenance.start(),
    async close() {
      await maintenance.close()
      await fills.close()
      await proxy.close()
    },
  }
}

/** @throws RegistryError NAME_UNKNOWN where the project was removed just now. */
function hostedIn(warehouse: Warehouse, rules: AccessRules, { name, project }: HostedName): HostedRepository {
  const rights = rules.project(project)
  if (rights === undefined) throw new RegistryError("NAME_UNKNOWN", `there is no project ${project}`, { detail: { name } })
  return warehouse.hosted({ name, projectId: rights.id })
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
