import { makeRoutingTable, type RoutingTable } from "./routing-table.ts"
import type { Upstream, UpstreamList } from "./upstream.ts"
import { UpstreamClient, type UpstreamHttpOptions } from "./upstream-client.ts"

/** Connections of upstreams that were taken out of the list are kept for so many of them: something may still be read through them. */
const mostRetired = 16

/** A client for every upstream in force. What is known of an upstream lasts until it is changed. */
export class UpstreamPool {
  readonly #list: UpstreamList
  readonly #options: UpstreamHttpOptions
  #upstreams: readonly Upstream[] | undefined
  #table: RoutingTable
  #clients = new Map<string, UpstreamClient>()
  #byRegistry = new Map<string, readonly UpstreamClient[]>()
  readonly #retired: UpstreamClient[] = []

  constructor(list: UpstreamList, options: UpstreamHttpOptions) {
    this.#list = list
    this.#options = options
    this.#table = makeRoutingTable(list)
  }

  get table(): RoutingTable {
    this.#refresh()
    return this.#table
  }

  /** The upstreams of a registry by priority; none for one that is not configured. */
  of(registry: string): readonly UpstreamClient[] {
    this.#refresh()
    return this.#byRegistry.get(registry) ?? []
  }

  all(): readonly UpstreamClient[] {
    this.#refresh()
    return [...this.#clients.values()]
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values(), ...this.#retired].map((client) => client.close()))
  }

  #refresh(): void {
    const upstreams = this.#list.list()
    if (upstreams === this.#upstreams) return
    this.#upstreams = upstreams
    this.#table = makeRoutingTable(this.#list)
    const before = this.#clients
    this.#clients = new Map()
    this.#byRegistry = new Map()
    for (const [registry, members] of this.#table.registries) {
      this.#byRegistry.set(
        registry,
        members.map((upstream) => this.#client(upstream, before)),
      )
    }
    for (const [key, client] of before) if (this.#clients.get(key) !== client) this.#retire(client)
  }

  #client(upstream: Upstream, before: ReadonlyMap<string, UpstreamClient>): UpstreamClient {
    const key = keyOf(upstream)
    const known = this.#clients.get(key) ?? before.get(key)
    known?.renew(upstream)
    const client = known ?? new UpstreamClient(upstream, this.#options)
    this.#clients.set(key, client)
    return client
  }

  #retire(client: UpstreamClient): void {
    this.#retired.push(client)
    if (this.#retired.length > mostRetired) void this.#retired.shift()?.close()
  }
}

/** What makes another client of it: not its priority, nor its name, nor its credentials, which are asked for anew. */
function keyOf({ id, url, pathPrefix, hostSettings, registry }: Upstream): string {
  return JSON.stringify([id, url, pathPrefix, registry, hostSettings])
}
