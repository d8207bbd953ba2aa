import type { Upstream } from "@entrepot/client"

/** The upstreams of one registry, in the order in which they are asked. */
export interface RegistryUpstreams {
  readonly registry: string
  readonly upstreams: readonly Upstream[]
}

/** By registry, the default one first and the others by name; within each as they are asked, those of the configuration first. */
export function groupUpstreams(upstreams: readonly Upstream[], defaultRegistry = "docker.io"): readonly RegistryUpstreams[] {
  const registries = [...new Set(upstreams.map(({ registry }) => registry))]
  const isFirst = (registry: string) => (registry === defaultRegistry ? 0 : 1)
  return registries
    .toSorted((a, b) => isFirst(a) - isFirst(b) || a.localeCompare(b))
    .map((registry) => ({
      registry,
      upstreams: upstreams
        .filter((each) => each.registry === registry)
        .toSorted((a, b) => a.priority - b.priority || a.id - b.id),
    }))
}

/** `items` with the one at `from` set before the one that is at `gap` now; a gap of their length is behind the last. */
export function moveItem<Item>(items: readonly Item[], from: number, gap: number): readonly Item[] {
  const [moved] = items.slice(from, from + 1)
  if (moved === undefined) return items
  const others = items.filter((_, place) => place !== from)
  const place = Math.max(0, Math.min(others.length, gap > from ? gap - 1 : gap))
  return [...others.slice(0, place), moved, ...others.slice(place)]
}

/** The gap that something would fall into at the height `y`, among rows whose middles are at these heights. */
export function gapAt(middles: readonly number[], y: number): number {
  return middles.filter((middle) => middle < y).length
}

/** All upstreams, with the priorities of some of one registry made to follow this order, as the application will answer. */
export function reordered(upstreams: readonly Upstream[], ids: readonly number[]): readonly Upstream[] {
  return upstreams.map((upstream) => {
    const place = ids.indexOf(upstream.id)
    return place === -1 ? upstream : { ...upstream, priority: (place + 1) * 10 }
  })
}
