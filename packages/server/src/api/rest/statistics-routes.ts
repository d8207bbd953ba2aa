import type { ServedTally } from "@entrepot/db/stores"
import { z } from "zod"
import { stepSchema } from "../schemas/statistics.ts"
import { success, timeOf, timeSchema } from "./fields.ts"
import { given } from "./given.ts"
import { describeRoute } from "./route.ts"

const timeText = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .meta({ example: "2024-01-15T00:00:00+08:00" })

const querySchema = z.object({
  since: timeText,
  until: timeText.optional(),
  step: stepSchema.default("day"),
  time_zone: z.string().max(64).optional(),
})

const tallyShape = {
  succeeded: z.number(),
  unchanged: z.number(),
  failed: z.number(),
  cancelled: z.number(),
  bytes_sent: z.number(),
  bytes_skipped: z.number(),
}

const servedShape = {
  requests: z.number(),
  pulls: z.number(),
  refused: z.number(),
  failures: z.number(),
  hits: z.number(),
  stale: z.number(),
  misses: z.number(),
  bytes_sent: z.number(),
  bytes_pushed: z.number(),
  bytes_fetched: z.number(),
}

/** Numbers about ended jobs, and about what was served, for everyone who does not use the typed client. */
export const statisticsRoutes = {
  "GET /api/statistics": describeRoute({
    tag: "jobs",
    summary: {
      zh: "统计：任务数、流量与各仓库速度",
      en: "Ended jobs, bytes and the speed of registries, by hour or day; at most 400 steps",
    },
    query: querySchema,
    answer: z.object({
      success,
      since: timeSchema,
      until: timeSchema,
      step: stepSchema,
      totals: z.object({ ...tallyShape, copy_ms: z.number(), copy_bytes: z.number() }),
      steps: z.array(z.object({ at: timeSchema, ...tallyShape })),
      hosts: z.array(
        z.object({
          host: z.string(),
          side: z.enum(["source", "target"]),
          jobs: z.number(),
          failed: z.number(),
          bytes_sent: z.number(),
          bytes_per_second: z.number().nullable(),
          speeds: z.array(z.number().nullable()),
        }),
      ),
    }),
  }).handledBy(async ({ call, query: { since, until, step, time_zone: timeZone } }) => {
    const overview = await call.statistics.overview({ since, step, ...given({ until, timeZone }) })
    const { copyMs, copyBytes, ...totals } = overview.totals
    return {
      body: {
        success: true,
        since: timeOf(overview.since),
        until: timeOf(overview.until),
        step,
        totals: { ...tallyView(totals), copy_ms: copyMs, copy_bytes: copyBytes },
        steps: overview.steps.map(({ at, ...tally }) => ({ at: timeOf(at), ...tallyView(tally) })),
        hosts: overview.hosts.map(({ bytesSent, bytesPerSecond, speeds, ...host }) => ({
          ...host,
          bytes_sent: bytesSent,
          bytes_per_second: bytesPerSecond,
          speeds: [...speeds],
        })),
      },
    }
  }),
  "GET /api/statistics/served": describeRoute({
    tag: "registry",
    summary: {
      zh: "统计：镜像仓库对外提供的拉取数、命中率与流量",
      en: "What the registry served, by hour or day; at most 400 steps. Upstreams are told to administrators",
    },
    query: querySchema,
    answer: z.object({
      success,
      since: timeSchema,
      until: timeSchema,
      step: stepSchema,
      totals: z.object(servedShape),
      steps: z.array(z.object({ at: timeSchema, ...servedShape })),
      upstreams: z.array(
        z.object({
          host: z.string(),
          requests: z.number(),
          failures: z.number(),
          wait_ms: z.number().nullable(),
          bytes_fetched: z.number(),
        }),
      ),
      repositories: z.array(z.object({ repository: z.string(), pulls: z.number(), bytes_sent: z.number() })),
    }),
  }).handledBy(async ({ call, query: { since, until, step, time_zone: timeZone } }) => {
    const overview = await call.statistics.served({ since, step, ...given({ until, timeZone }) })
    return {
      body: {
        success: true,
        since: timeOf(overview.since),
        until: timeOf(overview.until),
        step,
        totals: servedView(overview.totals),
        steps: overview.steps.map(({ at, ...tally }) => ({ at: timeOf(at), ...servedView(tally) })),
        upstreams: overview.upstreams.map(({ waitMs, bytesFetched, ...upstream }) => ({
          ...upstream,
          wait_ms: waitMs,
          bytes_fetched: bytesFetched,
        })),
        repositories: overview.repositories.map(({ bytesSent, ...repository }) => ({ ...repository, bytes_sent: bytesSent })),
      },
    }
  }),
}

function tallyView<Rest>({
  bytesSent,
  bytesSkipped,
  ...rest
}: Rest & { readonly bytesSent: number; readonly bytesSkipped: number }) {
  return { ...rest, bytes_sent: bytesSent, bytes_skipped: bytesSkipped }
}

function servedView({ bytesSent, bytesPushed, bytesFetched, ...rest }: ServedTally) {
  return { ...rest, bytes_sent: bytesSent, bytes_pushed: bytesPushed, bytes_fetched: bytesFetched }
}
