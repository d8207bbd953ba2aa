import type { ServedTally, Tally } from "@entrepot/db/stores"
import { z } from "zod"
import type { ServedOverview, StatisticsOverview } from "../../statistics/statistics-service.ts"

export const stepSchema = z.enum(["hour", "day"])

/** Until the year 9999: where calendars end. */
const timeSchema = z.number().int().min(0).max(253_402_300_799_999)

/** A span of time; at most 400 steps. */
export const statisticsQuerySchema = z.object({
  since: timeSchema,
  until: timeSchema.exactOptional(),
  step: stepSchema,
  timeZone: z.string().max(64).exactOptional(),
})

const stepTallyShape = {
  succeeded: z.number(),
  unchanged: z.number(),
  failed: z.number(),
  cancelled: z.number(),
  bytesSent: z.number(),
  bytesSkipped: z.number(),
}

const tallySchema = z.object({ ...stepTallyShape, copyMs: z.number(), copyBytes: z.number() }) satisfies z.ZodType<Tally>

export const statisticsOverviewSchema = z.object({
  since: z.number(),
  until: z.number(),
  step: stepSchema,
  totals: tallySchema,
  steps: z.array(z.object({ at: z.number(), ...stepTallyShape })).readonly(),
  hosts: z
    .array(
      z.object({
        host: z.string(),
        side: z.enum(["source", "target"]),
        jobs: z.number(),
        failed: z.number(),
        bytesSent: z.number(),
        bytesPerSecond: z.number().nullable(),
        speeds: z.array(z.number().nullable()).readonly(),
      }),
    )
    .readonly(),
}) satisfies z.ZodType<StatisticsOverview>

const servedTallyShape = {
  requests: z.number(),
  pulls: z.number(),
  refused: z.number(),
  failures: z.number(),
  hits: z.number(),
  stale: z.number(),
  misses: z.number(),
  bytesSent: z.number(),
  bytesPushed: z.number(),
  bytesFetched: z.number(),
}

const servedTallySchema = z.object(servedTallyShape) satisfies z.ZodType<ServedTally>

export const servedOverviewSchema = z.object({
  since: z.number(),
  until: z.number(),
  step: stepSchema,
  totals: servedTallySchema,
  steps: z.array(z.object({ at: z.number(), ...servedTallyShape })).readonly(),
  upstreams: z
    .array(
      z.object({
        host: z.string(),
        requests: z.number(),
        failures: z.number(),
        waitMs: z.number().nullable(),
        bytesFetched: z.number(),
      }),
    )
    .readonly(),
  repositories: z.array(z.object({ repository: z.string(), pulls: z.number(), bytesSent: z.number() })).readonly(),
}) satisfies z.ZodType<ServedOverview>
