import type { Descriptor } from "@entrepot/core"
import { LRUCache } from "lru-cache"
import type { ClientIdentity } from "../access/gate.ts"
import type { ServedManifest } from "../warehouse/readable-repository.ts"
import { Absences } from "./absences.ts"
import type { Patience } from "./ask-upstreams.ts"
import { Flights } from "./flights.ts"
import { ListMemo } from "./list-memo.ts"
import { ProxiedRepository } from "./proxied-repository.ts"
import type { ProxyFills, ProxyParts, ProxyWarehouse } from "./proxy-parts.ts"
import { type NameContext, resolveName } from "./resolve-name.ts"
import type { ProxiedName, ResolvedName } from "./resolved-name.ts"
import { Standing } from "./standing.ts"
import type { UpstreamHealth, UpstreamList } from "./upstream.ts"
import type { UpstreamHttpOptions } from "./upstream-client.ts"
import { UpstreamPool } from "./upstream-pool.ts"

export interface RegistryProxyOptions {
  readonly warehouse: ProxyWarehouse
  readonly fills: ProxyFills
  readonly upstreams: UpstreamList
  /** How upstreams are reached: gates that the process shares, our own sockets that are never dialled, proxies, … */
  readonly http: Omit<UpstreamHttpOptions, "now">
  /** How long tags are believed whose upstream says nothing of it, milliseconds. Default 60,000. */
  readonly tagLifetimeMs?: number
  /** How long it is believed that something is not there, milliseconds. Default and most 30,000. */
  readonly absenceMs?: number
  /** How long clients are kept waiting: for what is not here, where something old can be served instead, and for long lists. */
  readonly patience?: { readonly miss?: Patience; readonly stale?: Patience; readonly list?: Patience }
  /** Milliseconds since 1970. Default the system's. */
  readonly now?: () => number
}

/** Repositories of other registries, read through their upstreams into the warehouse. Only upstreams of the list are ever dialled. */
export class RegistryProxy {
  readonly #pool: UpstreamPool
  readonly #parts: ProxyParts
  readonly #closing = new AbortController()
  readonly #anonymous = new LRUCache<string, ProxiedRepository>({ max: 5_000 })

  constructor(options: RegistryProxyOptions) {
    const { now = Date.now, warehouse, fills, patience, tagLifetimeMs = 60_000 } = options
    const { signal } = this.#closing
    this.#pool = new UpstreamPool(options.upstreams, { ...options.http, now })
    this.#parts = {
      warehouse,
      fills,
      standing: new Standing(warehouse, now),
      absences: new Absences(now, options.absenceMs),
      tagLists: new ListMemo<readonly string[]>(now, (tags) => tags.reduce((sum, tag) => sum + tag.length + 8, 0)),
      referrerLists: new ListMemo<readonly Descriptor[]>(now, (list) => 64 + list.length * 512),
      manifestFlights: new Flights<ServedManifest | undefined>(signal),
      tagListFlights: new Flights<readonly string[] | undefined>(signal),
      referrerFlights: new Flights<readonly Descriptor[] | undefined>(signal),
      patience: {
        miss: patience?.miss ?? { totalMs: 15_000, rounds: 3 },
        stale: patience?.stale ?? { totalMs: 4_000, rounds: 1 },
        list: patience?.list ?? { totalMs: 60_000, rounds: 2 },
      },
      clientsOf: (registry) => this.#pool.of(registry),
      tagLifetimeMs: (registry) => this.#pool.of(registry)[0]?.upstream.tagLifetimeMs ?? tagLifetimeMs,
      now,
    }
  }

  /** See `resolveName`. @throws RegistryError NAME_INVALID, NAME_UNKNOWN. */
  resolve(name: string, context: NameContext): ResolvedName {
    return resolveName(this.#pool.table, name, context)
  }

  /** The repository of that name, as `identity` or, without one, as we ourselves may read it. Cheap; the same object where no identity is given. */
  repository(name: ProxiedName, identity?: ClientIdentity): ProxiedRepository {
    if (identity !== undefined) return new ProxiedRepository(this.#parts, name, identity)
    let repository = this.#anonymous.get(name.name)
    if (repository === undefined) {
      repository = new ProxiedRepository(this.#parts, name, undefined)
      this.#anonymous.set(name.name, repository)
    }
    return repository
  }

  /** What is known of every upstream now. */
  health(): readonly UpstreamHealth[] {
    return this.#pool.all().map((client) => client.health)
  }

  /** Ends what is being asked, and all connections to upstreams. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#pool.close()
  }
}
