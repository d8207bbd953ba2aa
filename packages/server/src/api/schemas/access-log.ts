import type { AccessRecord } from "@entrepot/db/stores"
import { z } from "zod"
import type { AccessFilter, AccessNews } from "../../registry/access-log/access-log-service.ts"
import { idSchema } from "./job.ts"

export const accessActionSchema = z.enum(["login", "pull", "blob", "push", "delete", "list", "search"])
export const accessCacheSchema = z.enum(["hit", "revalidated", "miss", "stale"])

/** What the access log is narrowed to. */
export const accessFilterSchema = z.object({
  user: z.string().max(256).exactOptional(),
  address: z.string().max(64).exactOptional(),
  action: accessActionSchema.exactOptional(),
  /** The whole name, or with `/` at its end everything below it. */
  repository: z.string().max(512).exactOptional(),
  cache: accessCacheSchema.exactOptional(),
  /** 404, or 4 for 400 to 499. */
  status: z.number().int().min(1).max(599).exactOptional(),
}) satisfies z.ZodType<AccessFilter>

/** A page of the access log: newest first, `before` is the cursor that the page before gave. */
export const accessQuerySchema = accessFilterSchema.extend({
  before: idSchema.exactOptional(),
  limit: z.number().int().min(1).max(500).default(100),
  from: z.number().int().exactOptional(),
  to: z.number().int().exactOptional(),
})

export const accessRecordSchema = z
  .object({
    id: z.number(),
    at: z.number(),
    user: z.string(),
    address: z.string(),
    action: z.string(),
    method: z.string(),
    repository: z.string(),
    reference: z.string(),
    status: z.number(),
    bytes: z.number(),
    durationMs: z.number(),
    cache: z.string().nullable(),
    upstream: z.string().nullable(),
    userAgent: z.string(),
  })
  .meta({ id: "AccessRecord" }) satisfies z.ZodType<AccessRecord>

/** What came since the last such news; `hasMore`: of what was asked for there may be more than is shown. */
export const accessNewsSchema = z.object({
  lastId: z.number(),
  entries: z.array(accessRecordSchema).readonly(),
  hasMore: z.boolean(),
}) satisfies z.ZodType<AccessNews>

export const accessPageSchema = z.object({
  entries: z.array(accessRecordSchema).readonly(),
  next: z.number().nullable(),
  /** Entries that could not be written since this process started. */
  dropped: z.number(),
})
