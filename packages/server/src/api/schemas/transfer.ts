import { type Descriptor, errorCodes, type TransferEvent, type TransferFailure, type TransferTotals } from "@entrepot/core"
import { z } from "zod"

/** Core's events and their parts, as schemas: the declared output of everything that tells about transfers. */

export const digestSchema = z.string().meta({ description: "sha256:<64 hexadecimal digits>" })

export const descriptorSchema = z.object({
  mediaType: z.string(),
  digest: digestSchema,
  size: z.number(),
}) satisfies z.ZodType<Pick<Descriptor, "mediaType" | "digest" | "size">>

export const stageSchema = z.enum(["prepare", "copy", "pull", "tag", "push", "clean"])
const sideSchema = z.enum(["source", "target", "local"])

export const failureSchema = z
  .object({
    code: z.enum(errorCodes),
    message: z.string(),
    side: sideSchema.exactOptional(),
    host: z.string().exactOptional(),
    hint: z.string().exactOptional(),
    status: z.number().exactOptional(),
    attempts: z.number().exactOptional(),
    retryAfterMs: z.number().exactOptional(),
  })
  .meta({ id: "Failure" }) satisfies z.ZodType<TransferFailure>

export const totalsSchema = z
  .object({
    bytesSent: z.number(),
    bytesSkipped: z.number(),
    blobsSent: z.number(),
    blobsSkipped: z.number(),
    blobsMounted: z.number(),
    durationMs: z.number(),
  })
  .meta({ id: "Totals" }) satisfies z.ZodType<TransferTotals>

export const blobEventSchema = z.object({
  type: z.literal("blob"),
  digest: digestSchema,
  size: z.number(),
  state: z.enum(["waiting", "present", "mounted", "copying", "retrying", "done", "skipped", "failed"]),
  offset: z.number(),
  connections: z.number().exactOptional(),
  resumedAt: z.number().exactOptional(),
  label: z.string().exactOptional(),
})

export const transferEventSchemas = [
  z.object({
    type: z.literal("plan"),
    source: z.string(),
    target: z.string(),
    digest: digestSchema,
    unchanged: z.boolean(),
    digestChanges: z.boolean(),
    blobs: z.array(descriptorSchema).readonly(),
    totalBytes: z.number(),
    platforms: z.array(z.string()).readonly(),
  }),
  z.object({ type: z.literal("stage"), stage: stageSchema, state: z.enum(["started", "finished"]) }),
  blobEventSchema,
  z.object({ type: z.literal("manifest"), digest: digestSchema, size: z.number(), reference: z.string() }),
  z.object({ type: z.literal("log"), level: z.enum(["info", "warn"]), message: z.string() }),
  z.object({
    type: z.literal("outcome"),
    outcome: z.enum(["succeeded", "unchanged", "failed", "cancelled"]),
    source: z.string(),
    target: z.string(),
    digest: digestSchema.exactOptional(),
    totals: totalsSchema,
    error: failureSchema.exactOptional(),
  }),
] as const

const anyTransferEvent = z.discriminatedUnion("type", transferEventSchemas)
type Declared = z.infer<typeof anyTransferEvent>

/** Fails to compile when core tells something that the interface does not declare, or the other way round. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
export const eventsAreDeclared: Same<Declared["type"], TransferEvent["type"]> = true
