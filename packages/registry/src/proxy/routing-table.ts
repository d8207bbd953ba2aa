import { normalizeHost } from "@entrepot/core"
import type { Upstream, UpstreamList } from "./upstream.ts"

/** Which registries are configured, and under which names; made once for each state of the list. */
export interface RoutingTable {
  /** By registry, each with its upstreams in the order in which they are asked. */
  readonly registries: ReadonlyMap<string, readonly Upstream[]>
  /** Registries that have upstreams, the longest name first. */
  readonly longestFirst: readonly string[]
  /** Registry by virtual host, as it was configured: with or without a port. */
  readonly virtualHosts: ReadonlyMap<string, string>
  readonly defaultRegistry: string
}

/** Registry names as they are compared: in lowercase, the names of Docker Hub as one. */
export function registryName(name: string): string {
  return normalizeHost(name.toLowerCase())
}

export function makeRoutingTable(list: UpstreamList): RoutingTable {
  const enabled = list.list().filter((upstream) => upstream.enabled)
  const registries = new Map<string, Upstream[]>()
  const virtualHosts = new Map<string, string>()
  for (const upstream of enabled.toSorted((a, b) => a.priority - b.priority)) {
    const registry = registryName(upstream.registry)
    const known = registries.get(registry)
    if (known) known.push(upstream)
    else registries.set(registry, [upstream])
    for (const host of upstream.virtualHosts) {
      const name = host.toLowerCase()
      if (!virtualHosts.has(name)) virtualHosts.set(name, registry)
    }
  }
  return {
    registries,
    longestFirst: [...registries.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)),
    virtualHosts,
    defaultRegistry: registryName(list.defaultRegistry),
  }
}
