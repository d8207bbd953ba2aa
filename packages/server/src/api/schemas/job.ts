import type { BatchSummary, Job, JobEvent, JobHost, JobPage } from "@entrepot/db/stores"
import { z } from "zod"
import type { FollowedEvent, QueueEvent } from "../../jobs/job-service.ts"
import { blobEventSchema, failureSchema, stageSchema, totalsSchema, transferEventSchemas } from "./transfer.ts"

export const idSchema = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)
export const jobStateSchema = z.enum(["queued", "waiting", "running", "succeeded", "failed", "cancelled"])
const waitReasonSchema = z.enum(["rate_limit", "credentials"])
const names = z.array(z.string()).readonly()

const requestSchema = z.object({
  source: z.string(),
  target: z.string(),
  engine: z.enum(["direct", "docker"]),
  platforms: names.optional(),
  referrers: z.boolean().optional(),
  nonDistributable: z.boolean().optional(),
  forceUpload: z.boolean().optional(),
  plainHttp: names.optional(),
  insecureTls: names.optional(),
  oneOfMany: z.boolean().optional(),
})

const progressSchema = z.object({
  bytesDone: z.number(),
  bytesTotal: z.number(),
  blobs: z.array(blobEventSchema).readonly(),
})

/** A job as interfaces show it. It has no secrets to leave out: those are never in a job. Times are milliseconds since 1970. */
export const jobSchema = z
  .object({
    id: idSchema,
    kind: z.enum(["mirror", "batch"]),
    parentId: z.number().nullable(),
    ownerId: z.number(),
    runner: z.enum(["server", "terminal"]),
    source: z.string(),
    target: z.string(),
    sourceHost: z.string(),
    targetHost: z.string(),
    request: requestSchema,
    state: jobStateSchema,
    waitReason: waitReasonSchema.nullable(),
    waitUntil: z.number().nullable(),
    priority: z.number(),
    stage: stageSchema.nullable(),
    attempts: z.number(),
    cancelRequested: z.boolean(),
    targetId: z.number().nullable(),
    credentialSides: z.array(z.enum(["source", "target"])).readonly(),
    digest: z.string().nullable(),
    unchanged: z.boolean(),
    failure: failureSchema.nullable(),
    totals: totalsSchema.nullable(),
    progress: progressSchema.nullable(),
    revision: z.number(),
    lastSequence: z.number(),
    createdAt: z.number(),
    startedAt: z.number().nullable(),
    endedAt: z.number().nullable(),
  })
  .meta({ id: "Job" }) satisfies z.ZodType<Job>

export const jobPageSchema = z.object({
  jobs: z.array(jobSchema).readonly(),
  next: z.number().nullable(),
}) satisfies z.ZodType<JobPage>

export const summarySchema = z.object({
  queued: z.number(),
  waiting: z.number(),
  running: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  cancelled: z.number(),
}) satisfies z.ZodType<BatchSummary>

export const jobHostsSchema = z.object({
  hosts: z
    .array(z.object({ host: z.string(), side: z.enum(["source", "target"]), jobs: z.number() }) satisfies z.ZodType<JobHost>)
    .readonly(),
})

const stateEventSchema = z.object({
  type: z.literal("state"),
  state: jobStateSchema,
  attempt: z.number(),
  waitReason: waitReasonSchema.exactOptional(),
  waitUntil: z.number().exactOptional(),
})

const jobEventSchema = z
  .discriminatedUnion("type", [stateEventSchema, ...transferEventSchemas])
  .meta({ id: "JobEvent" }) satisfies z.ZodType<JobEvent>

export const storedEventSchema = z.object({ sequence: z.number(), at: z.number(), event: jobEventSchema })

export const followedEventSchema = z.object({
  sequence: z.number().exactOptional(),
  at: z.number(),
  event: jobEventSchema,
}) satisfies z.ZodType<FollowedEvent>

export const queueEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("job"), revision: z.number(), job: jobSchema }),
  z.object({ type: z.literal("removed"), revision: z.number(), jobId: z.number() }),
]) satisfies z.ZodType<QueueEvent>

export const loginSchema = z.object({ username: z.string().min(1).max(256), password: z.string().min(1).max(4096) })

/** Longer names are refused by core's parser with a better sentence. */
export const imageTextSchema = z.string().min(1).max(8192)
export const addressSchema = z.string().min(1).max(1024)

/** A target that is typed for one job or one test. */
export const typedTargetSchema = z.object({
  address: addressSchema,
  username: z.string().max(256).optional(),
  password: z.string().max(4096).optional(),
  plainHttp: z.boolean().optional(),
  tlsVerify: z.boolean().optional(),
})

export const anyTargetSchema = z.union([z.object({ targetId: idSchema }), typedTargetSchema])

/** How copies are asked for, whatever it is that is copied. */
export const optionsShape = {
  target: anyTargetSchema.optional(),
  sourceLogin: loginSchema.optional(),
  naming: z.string().max(512).optional(),
  platforms: z.array(z.string().max(64)).max(64).readonly().optional(),
  referrers: z.boolean().optional(),
  nonDistributable: z.boolean().optional(),
  forceUpload: z.boolean().optional(),
  engine: z.enum(["direct", "docker"]).optional(),
  priority: z.number().int().min(-10).max(10).optional(),
  sourcePlainHttp: z.boolean().optional(),
}

export const mirrorRequestSchema = z.object({
  image: imageTextSchema,
  targetImage: imageTextSchema.optional(),
  ...optionsShape,
})

export const batchRequestSchema = z.object({
  title: z.string().max(256).optional(),
  images: z
    .array(z.union([imageTextSchema, z.object({ image: imageTextSchema, targetImage: imageTextSchema.optional() })]))
    .min(1)
    .max(1000)
    .readonly(),
  ...optionsShape,
})

/** A page of the history: newest first, `before` is the cursor that the page before gave. */
export const historyQuerySchema = z.object({
  before: idSchema.exactOptional(),
  limit: z.number().int().min(1).max(200).default(50),
  states: z.array(jobStateSchema).min(1).readonly().exactOptional(),
  search: z.string().max(256).exactOptional(),
  host: z.string().max(256).exactOptional(),
  since: z.number().int().exactOptional(),
  until: z.number().int().exactOptional(),
  parentId: idSchema.exactOptional(),
  everywhere: z.boolean().exactOptional(),
  kind: z.enum(["mirror", "batch"]).exactOptional(),
})
