import { setMaxListeners } from "node:events"
import { checkTarget, type Descriptor, type TargetCheck } from "@entrepot/core"
import type { PageQuery } from "@entrepot/db/stores"
import { latelyUsed } from "../lately-used.ts"
import type { RegistryMeter } from "../registry-meter.ts"
import type { DescribedManifest, ServedManifest } from "../warehouse/readable-repository.ts"
import { Absences } from "./absences.ts"
import { AnnouncedTags } from "./announced-tags.ts"
import type { Answered, Patience } from "./ask-upstreams.ts"
import type { ClientIdentity } from "./client-identity.ts"
import { DefaultLogin } from "./default-login.ts"
import { Flights } from "./flights.ts"
import { ListMemo } from "./list-memo.ts"
import { nameOfRepository } from "./name-of-repository.ts"
import { ProxiedRepository } from "./proxied-repository.ts"
import type { ProxyFills, ProxyParts, ProxyWarehouse } from "./proxy-parts.ts"
import { type NameContext, proxiedName, registryOfHost, resolveName } from "./resolve-name.ts"
import type { ProxiedName, ResolvedName } from "./resolved-name.ts"
import { type SearchAnswer, type SearchQuery, type SearchResult, searchIndexes } from "./search-indexes.ts"
import { Standing } from "./standing.ts"
import type { Upstream, UpstreamHealth, UpstreamList } from "./upstream.ts"
import { UpstreamClient, type UpstreamHttpOptions } from "./upstream-client.ts"
import type { UpstreamLogin } from "./upstream-login.ts"
import { UpstreamPool } from "./upstream-pool.ts"

export interface RegistryProxyOptions {
  readonly warehouse: ProxyWarehouse
  readonly fills: ProxyFills
  readonly upstreams: UpstreamList
  /** How upstreams are reached: gates that the process shares, our own sockets that are never dialled, proxies, … */
  readonly http: Omit<UpstreamHttpOptions, "now" | "meter">
  readonly meter?: RegistryMeter | undefined
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
  /** How clients log in at the default registry themselves. */
  readonly login: UpstreamLogin
  readonly #pool: UpstreamPool
  readonly #http: UpstreamHttpOptions
  readonly #parts: ProxyParts
  readonly #closing = new AbortController()
  readonly #anonymous = latelyUsed<string, ProxiedRepository>(5_000)

  constructor(options: RegistryProxyOptions) {
    const { now = Date.now, warehouse, fills, patience, tagLifetimeMs = 60_000 } = options
    const { signal } = this.#closing
    // Everything that is being asked listens.
    setMaxListeners(0, signal)
    this.#http = { ...options.http, now }
    this.#pool = new UpstreamPool(options.upstreams, { ...this.#http, meter: options.meter })
    const { defaultRegistry } = this.#pool.table
    this.login = new DefaultLogin(defaultRegistry, () => this.#pool.of(defaultRegistry)[0], now)
    this.#parts = {
      warehouse,
      fills,
      standing: new Standing(warehouse, now),
      absences: new Absences(now, options.absenceMs),
      announced: new AnnouncedTags(now),
      tagLists: new ListMemo<readonly string[]>(now, (tags) => tags.reduce((sum, tag) => sum + tag.length + 8, 0)),
      referrerLists: new ListMemo<readonly Descriptor[]>(now, (list) => 64 + list.length * 512),
      manifestFlights: new Flights<ServedManifest | undefined>(signal),
      describeFlights: new Flights<DescribedManifest | undefined>(signal),
      sizeFlights: new Flights<Answered<number> | undefined>(signal),
      tagListFlights: new Flights<readonly string[] | undefined>(signal),
      referrerFlights: new Flights<readonly Descriptor[] | undefined>(signal),
      patience: {
        miss: patience?.miss ?? { totalMs: 15_000, rounds: 3 },
        stale: { ...(patience?.stale ?? { totalMs: 4_000, rounds: 1 }), hasAlternative: true },
        list: patience?.list ?? { totalMs: 60_000, rounds: 2 },
      },
      clientsOf: (registry, identity) => {
        const clients = this.#pool.of(registry)
        return identity === undefined ? clients : clients.slice(0, 1)
      },
      tagLifetimeMs: (registry) => this.#pool.of(registry)[0]?.upstream.tagLifetimeMs ?? tagLifetimeMs,
      now,
    }
  }

  /** See `resolveName`. @throws RegistryError NAME_INVALID, NAME_UNKNOWN. */
  resolve(name: string, context: NameContext): ResolvedName {
    return resolveName(this.#pool.table, name, context)
  }

  /** Whether the Host header stands for a registry. */
  isVirtualHost(host: string): boolean {
    return registryOfHost(this.#pool.table, host) !== undefined
  }

  /**
   * The repository of that name, as `identity` or, without one, as we ourselves may read it. Cheap; the same object where no identity is given. A client's
   * login belongs to the default registry, and is shown to its first upstream alone.
   */
  repository(name: ProxiedName, identity?: ClientIdentity): ProxiedRepository {
    if (identity !== undefined && name.registry === this.login.registry) return new ProxiedRepository(this.#parts, name, identity)
    let repository = this.#anonymous.get(name.name)
    if (repository === undefined) {
      repository = new ProxiedRepository(this.#parts, name, undefined)
      this.#anonymous.set(name.name, repository)
    }
    return repository
  }

  /** What the index of the default registry finds. @throws TransferError where none could be asked. */
  search(query: SearchQuery, signal: AbortSignal): Promise<SearchAnswer> {
    return searchIndexes(this.#pool.of(this.#pool.table.defaultRegistry), query, signal)
  }

  /** What an image of a search result is called here. @throws RegistryError NAME_INVALID. */
  nameOfResult({ name }: Pick<SearchResult, "name">): ProxiedName {
    return proxiedName(this.#pool.table.defaultRegistry, name)
  }

  /**
   * Repositories that are here, hosted and read through, in the order of their names; fewer than `limit` when there are no more. Even the name of one
   * that an upstream has only shown to somebody with a login is nobody else's business.
   */
  async repositories({ after, limit }: PageQuery): Promise<readonly ResolvedName[]> {
    const names: ResolvedName[] = []
    let last = after
    for (;;) {
      const rows = await this.#parts.warehouse.store.listRepositories({ after: last, limit })
      names.push(...rows.filter(({ registry, shared }) => registry === null || shared).map(nameOfRepository))
      last = rows.at(-1)?.name
      if (names.length >= limit || rows.length < limit) return names.slice(0, limit)
    }
  }

  /** Whether an upstream can be reached and knows us, saved or not: classes of what is wrong, never a word of what it sent (RELIABILITY S3). */
  async check(upstream: Upstream, signal: AbortSignal): Promise<Omit<TargetCheck, "push">> {
    const client = new UpstreamClient(upstream, this.#http)
    try {
      const { push: _, ...answers } = await checkTarget(client.http(), client.host, "", { signal, push: false })
      return answers
    } finally {
      await client.close()
    }
  }

  /** What is known of every upstream now. */
  health(): readonly UpstreamHealth[] {
    return this.#pool.all().map((client) => client.health)
  }

  /** Ends what is being asked, and all connections to upstreams. */
  async close(): Promise<void> {
    this.#closing.abort()
    const { manifestFlights, describeFlights, sizeFlights, tagListFlights, referrerFlights } = this.#parts
    const all = [manifestFlights, describeFlights, sizeFlights, tagListFlights, referrerFlights]
    await Promise.all(all.map((flights) => flights.landed()))
    await this.#pool.close()
  }
}
