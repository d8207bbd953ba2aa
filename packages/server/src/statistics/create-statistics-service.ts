import type { Copied, Database, HostTally, Tally } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { visibilityOf } from "../jobs/job-rights.ts"
import { type ServedStores, servedOverview } from "./served-overview.ts"
import type { ServedRecorder } from "./served-recorder.ts"
import type { HostStatistics, StatisticsOverview, StatisticsQuery, StatisticsService } from "./statistics-service.ts"
import { stepTimes } from "./step-times.ts"

interface StatisticsServiceOptions {
  readonly stores: Pick<Database, "statistics"> & ServedStores
  /** What this process counts: it is asked to write it, before anybody looks. */
  readonly recorder?: Pick<ServedRecorder, "flush"> | undefined
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
}

/** Statistics over the store of one database. */
export function createStatisticsService({ stores, recorder, now = Date.now }: StatisticsServiceOptions): StatisticsService {
  const ending = (query: StatisticsQuery) => ({ until: Math.max(now(), query.since + 1), ...query })
  return {
    overview: (actor, query) => overview(stores.statistics, actor, ending(query)),
    async served(actor, query) {
      await recorder?.flush()
      return await servedOverview(stores, actor, ending(query))
    },
  }
}

const hourMs = 3_600_000
const mostHosts = 10

async function overview(
  store: Database["statistics"],
  actor: Actor,
  query: StatisticsQuery & { readonly until: number },
): Promise<StatisticsOverview> {
  const visibility = visibilityOf(actor)
  const times = stepTimes(query)
  const hours = times.map((time) => Math.floor(time / hourMs))
  const { steps, hosts } = await store.tallies(visibility, hours)
  const slowest = (["source", "target"] as const)
    .flatMap((side) =>
      hosts
        .filter((host) => host.side === side)
        .sort(slowestFirst)
        .slice(0, mostHosts),
    )
    .sort(slowestFirst)
  const copied = await store.copied(visibility, slowest, hours)
  return {
    since: times[0] ?? query.since,
    until: times.at(-1) ?? query.until,
    step: query.step,
    totals: steps.reduce(added),
    steps: steps.map(({ copyMs: _, copyBytes: __, ...tally }, index) => ({ at: times[index] ?? 0, ...tally })),
    hosts: slowest.map((host, index) => statisticsOf(host, copied[index] ?? [])),
  }
}

function statisticsOf(host: HostTally, copied: readonly Copied[]): HostStatistics {
  return {
    host: host.host,
    side: host.side,
    jobs: jobsOf(host),
    failed: host.failed,
    bytesSent: host.bytesSent,
    bytesPerSecond: speedOf(host),
    speeds: copied.map(speedOf),
  }
}

/** Bytes a second. */
function speedOf({ copyBytes, copyMs }: Copied): number | null {
  // What took no millisecond took some of one.
  return copyBytes === 0 ? null : Math.round((copyBytes * 1000) / Math.max(copyMs, 1))
}

function jobsOf({ succeeded, unchanged, failed, cancelled }: Tally): number {
  return succeeded + unchanged + failed + cancelled
}

function slowestFirst(one: HostTally, other: HostTally): number {
  const [speed, otherSpeed] = [speedOf(one) ?? Number.POSITIVE_INFINITY, speedOf(other) ?? Number.POSITIVE_INFINITY]
  if (speed !== otherSpeed) return speed < otherSpeed ? -1 : 1
  return jobsOf(other) - jobsOf(one) || (one.host < other.host ? -1 : 1)
}

function added(one: Tally, other: Tally): Tally {
  return {
    succeeded: one.succeeded + other.succeeded,
    unchanged: one.unchanged + other.unchanged,
    failed: one.failed + other.failed,
    cancelled: one.cancelled + other.cancelled,
    bytesSent: one.bytesSent + other.bytesSent,
    bytesSkipped: one.bytesSkipped + other.bytesSkipped,
    copyMs: one.copyMs + other.copyMs,
    copyBytes: one.copyBytes + other.copyBytes,
  }
}
