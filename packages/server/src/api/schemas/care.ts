import { z } from "zod"
import type { CareView } from "../../registry/administration/registry-service.ts"
import { digestSchema } from "./registry.ts"

/** What to begin. An eviction without a size goes down to the quota. */
export const careRequestSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("garbage") }),
  z.object({ kind: z.literal("scrub") }),
  z.object({ kind: z.literal("evict"), toBytes: z.number().int().min(0).exactOptional() }),
])

/** A look after the warehouse. */
export const careViewSchema = z
  .object({
    id: z.number(),
    kind: z.enum(["garbage", "evict", "scrub"]),
    by: z.string(),
    startedAt: z.number(),
    endedAt: z.number().nullable(),
    isRunning: z.boolean(),
    findings: z.record(z.string(), z.number()).readonly(),
    wrong: z.array(z.object({ digest: digestSchema, repositories: z.array(z.string()).readonly() })).readonly(),
    error: z.string().nullable(),
  })
  .meta({ id: "CareRun" }) satisfies z.ZodType<CareView>
