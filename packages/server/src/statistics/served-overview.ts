import type { Database, ServedTally, UpstreamTally } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { isPermitted, requireScope } from "../accounts/rights.ts"
import type { ServedOverview, StatisticsQuery, UpstreamStatistics } from "./statistics-service.ts"
import { stepTimes } from "./step-times.ts"
import { visiblePulls } from "./visible-pulls.ts"

/** What the served half of the statistics is read from, and what says who may see it. */
export type ServedStores = Pick<Database, "served" | "warehouse" | "projects" | "projectMembers">

const hourMs = 3_600_000
const dayHours = 24
const mostUpstreams = 10
const mostRepositories = 10

/** What was served in the steps that the times touch. @throws ServiceError as StatisticsService.served. */
export async function servedOverview(
  stores: ServedStores,
  actor: Actor,
  query: StatisticsQuery & { readonly until: number },
): Promise<ServedOverview> {
  requireScope(actor, "jobs:read")
  const times = stepTimes(query)
  const hours = times.map((time) => Math.floor(time / hourMs))
  const { steps, upstreams } = await stores.served.tallies(hours)
  const span = { since: Math.floor((hours[0] ?? 0) / dayHours), until: Math.ceil((hours.at(-1) ?? 0) / dayHours) }
  return {
    since: times[0] ?? query.since,
    until: times.at(-1) ?? query.until,
    step: query.step,
    totals: steps.reduce(added),
    steps: steps.map((tally, index) => ({ at: times[index] ?? 0, ...tally })),
    upstreams: isPermitted(actor, "admin") ? slowestOf(upstreams) : [],
    repositories: await visiblePulls(stores, actor, { ...span, limit: mostRepositories }),
  }
}

function slowestOf(upstreams: readonly UpstreamTally[]): readonly UpstreamStatistics[] {
  return upstreams.toSorted(slowestFirst).slice(0, mostUpstreams).map(statisticsOf)
}

function statisticsOf(upstream: UpstreamTally): UpstreamStatistics {
  const { host, requests, failures, bytesFetched } = upstream
  const mean = meanWaitMs(upstream)
  return { host, requests, failures, waitMs: mean === null ? null : Math.round(mean), bytesFetched }
}

function meanWaitMs({ requests, failures, waitMs }: UpstreamTally): number | null {
  return requests > failures ? waitMs / (requests - failures) : null
}

/** Those that never answered wait for ever; those that only went on sending did not keep anybody waiting. */
function slowestFirst(one: UpstreamTally, other: UpstreamTally): number {
  const slowness = (upstream: UpstreamTally) => meanWaitMs(upstream) ?? (upstream.requests > 0 ? Number.POSITIVE_INFINITY : -1)
  const [waits, otherWaits] = [slowness(one), slowness(other)]
  if (waits !== otherWaits) return waits > otherWaits ? -1 : 1
  return other.requests - one.requests || (one.host < other.host ? -1 : 1)
}

function added(one: ServedTally, other: ServedTally): ServedTally {
  return {
    requests: one.requests + other.requests,
    pulls: one.pulls + other.pulls,
    refused: one.refused + other.refused,
    failures: one.failures + other.failures,
    hits: one.hits + other.hits,
    stale: one.stale + other.stale,
    misses: one.misses + other.misses,
    bytesSent: one.bytesSent + other.bytesSent,
    bytesPushed: one.bytesPushed + other.bytesPushed,
    bytesFetched: one.bytesFetched + other.bytesFetched,
  }
}
