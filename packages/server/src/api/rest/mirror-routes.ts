import { describeStage } from "@entrepot/core"
import type { Job, JobState } from "@entrepot/db/stores"
import { z } from "zod"
import { ServiceError } from "../../errors/service-error.ts"
import { describeFailure, errorBody } from "../api-error.ts"
import { imageTextSchema } from "../schemas/job.ts"
import { errorSchema, idText, limitText, success, timeOf, timeSchema } from "./fields.ts"
import { given } from "./given.ts"
import { durationOf, errorMessageOf, jobViewSchema, messageOf, viewJob } from "./job-view.ts"
import { mirrorBodySchema, mirrorRequestOf } from "./mirror-request.ts"
import { describeRoute } from "./route.ts"

const mirroredSchema = z.object({
  success,
  target_image: z.string(),
  duration: z.number(),
  message: z.string(),
  job_id: z.number(),
})
const acceptedSchema = z.object({ success, message: z.string(), job: jobViewSchema })
const notMirroredSchema = z.object({
  success: z.literal(false),
  message: z.string(),
  target_image: z.string(),
  duration: z.number(),
  job_id: z.number(),
  error: errorSchema,
})

/** What seed 0 calls the ends of a job. Those that somebody cancelled are told only when they are asked for, as in the `proxy_history` view. */
const stateOf = { success: "succeeded", failed: "failed", cancelled: "cancelled" } as const satisfies Record<string, JobState>

const historyEntrySchema = z.object({
  id: z.number(),
  source_image: z.string(),
  target_image: z.string(),
  target_host: z.string(),
  status: z.enum(["success", "failed", "cancelled"]),
  error_msg: z.string().nullable(),
  duration: z.number(),
  created_at: timeSchema,
})

/** Seed 0's interface. */
export const mirrorRoutes = {
  "POST /api/image/parse": describeRoute({
    tag: "mirror",
    summary: { zh: "解析镜像名称", en: "Take an image name apart" },
    body: z.object({ image: imageTextSchema.meta({ example: "nginx" }) }),
    answer: z.object({
      success,
      parsed_image: z.string(),
      registry: z.string(),
      namespace: z.string(),
      repository: z.string(),
      tag: z.string().nullable(),
      digest: z.string().optional(),
    }),
  }).handledBy(async ({ call, body }) => {
    const { image, registry, namespace, repository, tag, digest } = await call.image.parse({ image: body.image })
    const parsed = { success: true as const, parsed_image: image, registry, namespace, repository, tag }
    return { body: digest === null ? parsed : { ...parsed, digest } }
  }),

  "POST /api/proxy/start": describeRoute({
    tag: "mirror",
    summary: { zh: "开始代理（等待完成；?async=1 立即返回）", en: "Mirror an image (waits; ?async=1 answers at once)" },
    query: z.object({ async: z.enum(["0", "1"]).optional() }),
    body: mirrorBodySchema,
    answer: z.union([mirroredSchema, acceptedSchema, notMirroredSchema]),
    statuses: [200, 202],
  }).handledBy(async ({ call, context, query, body, signal }) => {
    const job = await call.jobs.start(mirrorRequestOf(body))
    const { locale, baseUrl } = context
    if (query.async === "1") {
      const view = viewJob(job, locale, baseUrl)
      return { status: 202, body: { success: true, message: view.message, job: view }, headers: { location: view.links.self } }
    }
    const actor = await context.identify()
    if (actor === undefined) throw new ServiceError("unauthenticated", "this needs a login")
    const ended = await context.services.jobs.ended(actor, job.id, signal)
    const place = { target_image: ended.target, duration: durationOf(ended) ?? 0, job_id: ended.id }
    if (ended.state === "succeeded") {
      return { body: { success: true, ...place, message: describeStage("succeeded", {}, locale).replace(/!$/, "") } }
    }
    const error = errorOfEnd(ended)
    const message = ended.state === "failed" ? messageOf(ended, locale) : errorBody(error, locale).message
    return {
      status: error.httpStatus,
      body: { success: false, message, ...place, error: errorBody(error, locale).error },
    }
  }),

  "GET /api/history": describeRoute({
    tag: "mirror",
    summary: { zh: "代理历史", en: "History of mirrors" },
    query: z.object({
      limit: limitText,
      cursor: idText.optional(),
      search: z.string().max(256).optional(),
      status: z.enum(["success", "failed", "cancelled"]).optional(),
    }),
    answer: z.object({ success, data: z.array(historyEntrySchema), next_cursor: z.number().nullable() }),
  }).handledBy(async ({ call, context, query }) => {
    const page = await call.jobs.list({
      everywhere: true,
      kind: "mirror",
      limit: query.limit ?? 50,
      states: query.status === undefined ? [stateOf.success, stateOf.failed] : [stateOf[query.status]],
      ...given({ before: query.cursor, search: query.search || undefined }),
    })
    const data = page.jobs.map((job) => historyEntry(job, context.locale))
    return { body: { success: true, data, next_cursor: page.next } }
  }),
}

function historyEntry(job: Job, locale: "zh" | "en"): z.input<typeof historyEntrySchema> {
  return {
    id: job.id,
    source_image: job.source,
    target_image: job.target,
    target_host: job.targetHost,
    status: job.state === "succeeded" ? "success" : job.state === "cancelled" ? "cancelled" : "failed",
    error_msg: errorMessageOf(job, locale),
    duration: durationOf(job) ?? 0,
    created_at: timeOf(job.createdAt),
  }
}

/** Why a job that was waited for did not succeed. */
function errorOfEnd(job: Job) {
  if (job.failure !== null) return describeFailure(job.failure)
  if (job.state === "cancelled") return describeFailure({ code: "cancelled", message: "the job was cancelled" })
  return describeFailure({ code: "unauthorized", side: "target", message: "the job waits for credentials" })
}
