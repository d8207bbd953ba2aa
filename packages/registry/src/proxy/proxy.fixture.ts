import { setMaxListeners } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { credentials, HostLimits, TransferSession } from "@entrepot/core"
import type { Database } from "@entrepot/db"
import { expect, onTestFinished, vi } from "vitest"
import { createDiskBlobStore } from "../blobs/disk-blob-store.ts"
import { freshDatabase } from "../warehouse/fresh-database.fixture.ts"
import { Warehouse } from "../warehouse/warehouse.ts"
import type { ClientIdentity } from "./client-identity.ts"
import { Fills } from "./fills/fills.ts"
import { RegistryProxy, type RegistryProxyOptions } from "./registry-proxy.ts"
import type { ProxiedName } from "./resolved-name.ts"
import type { Upstream } from "./upstream.ts"

export const signal = new AbortController().signal
setMaxListeners(0, signal)

/** The registry that tests read through, unless they say otherwise. */
export const registry = "hub.test"

export const app: ProxiedName = { kind: "proxied", name: "hub.test/team/app", registry, path: "team/app" }

/** An upstream of `registry` at a server on this machine. */
export function upstreamAt(server: { readonly origin: string }, changes: Partial<Upstream> = {}): Upstream {
  return {
    id: 1,
    name: "hub",
    registry,
    url: server.origin,
    pathPrefix: "",
    priority: 100,
    enabled: true,
    virtualHosts: [],
    tagLifetimeMs: null,
    hostSettings: {},
    credentials: async () => undefined,
    ...changes,
  }
}

/** A client's own login. */
export function loginOf(username: string, password: string): ClientIdentity {
  return { key: username, shows: { credentials: credentials({ username, password }) } }
}

export interface TestProxy {
  readonly proxy: RegistryProxy
  readonly warehouse: Warehouse
  readonly fills: Fills
  readonly database: Database
  /** Milliseconds since 1970, as the test moves it. */
  readonly time: { now: number }
  /** Another set of upstreams from now on. */
  use(...upstreams: readonly Upstream[]): void
}

/** A proxy over a real database and directory, which go with the test; its clock stands still. */
export async function testProxy(
  upstreams: readonly Upstream[],
  options: Partial<Pick<RegistryProxyOptions, "patience" | "tagLifetimeMs" | "meter">> & {
    readonly circuit?: RegistryProxyOptions["http"]["circuit"]
    readonly http?: Partial<RegistryProxyOptions["http"]>
    readonly memoMs?: number
    readonly defaultRegistry?: string
  } = {},
): Promise<TestProxy> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-proxy-"))
  const database = await freshDatabase(join(directory, "entrepot.db"))
  const blobs = await createDiskBlobStore({ directory: join(directory, "blobs") })
  const time = { now: Date.UTC(2026, 0, 1) }
  const now = () => time.now
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const { circuit, http, memoMs = 5000, defaultRegistry = registry, ...rest } = options
  const warehouse = new Warehouse({ stores: { warehouse: database.warehouse }, blobs, log, now, memoMs })
  const session = new TransferSession({ retryAttempts: 2, retryMinMs: 1, retryMaxMs: 5, stallMs: 1000 })
  const fills = new Fills({ blobs, warehouse, session, log })
  let inForce = upstreams
  const proxy = new RegistryProxy({
    warehouse,
    fills,
    now,
    upstreams: { list: () => inForce, defaultRegistry },
    http: { limits: new HostLimits({ unnamedWaitMs: 50 }), circuit, ...http },
    patience: { miss: { totalMs: 5_000, rounds: 1 }, stale: { totalMs: 2_000, rounds: 1 }, ...options.patience },
    ...rest,
  })
  onTestFinished(async () => {
    await proxy.close()
    await fills.close()
    await warehouse.close()
    await blobs.close()
    await database.close()
    await rm(directory, { recursive: true, force: true })
  })
  return {
    proxy,
    warehouse,
    fills,
    database,
    time,
    use: (...others) => {
      inForce = others
    },
  }
}

/** All bytes of a blob of `app`; what they came through is stored by then. */
export async function bytesOf(
  { proxy, fills }: TestProxy,
  digest: string,
  identity?: ClientIdentity,
): Promise<Buffer | undefined> {
  const blob = await proxy.repository(app, identity).blob(digest, signal)
  if (blob === undefined) return undefined
  const chunks: Buffer[] = []
  for await (const chunk of await blob.read({ from: 0, to: blob.sizeBytes }, signal)) chunks.push(Buffer.from(chunk))
  await vi.waitFor(() => expect(fills.running).toBe(0))
  return Buffer.concat(chunks)
}
