import { z } from "zod"
import { loginSchema } from "../schemas/job.ts"
import { targetCheckSchema } from "../schemas/place.ts"
import { exportFormats, pagesOfJobs } from "./export-jobs.ts"
import { idText, limitText, success, timeOf } from "./fields.ts"
import { given } from "./given.ts"
import { jobFilterOf, jobFilterShape } from "./job-filter.ts"
import { jobViewSchema, viewJob } from "./job-view.ts"
import { batchBodySchema, batchRequestOf, mirrorBodySchema, mirrorRequestOf, targetOf } from "./mirror-request.ts"
import { describeRoute } from "./route.ts"

const onePath = z.object({ id: idText })
const oneJobSchema = z.object({ success, job: jobViewSchema })

/** Jobs for everyone who does not use the typed client. */
export const jobRoutes = {
  "GET /api/jobs": describeRoute({
    tag: "jobs",
    summary: { zh: "任务列表", en: "Jobs, newest first" },
    query: z.object({
      limit: limitText,
      cursor: idText.optional(),
      ...jobFilterShape,
    }),
    answer: z.object({ success, jobs: z.array(jobViewSchema), next_cursor: z.number().nullable() }),
  }).handledBy(async ({ call, context, query }) => {
    const page = await call.jobs.list({
      limit: query.limit ?? 50,
      ...jobFilterOf(query),
      ...given({ before: query.cursor }),
    })
    const jobs = page.jobs.map((job) => viewJob(job, context.locale, context.baseUrl))
    return { body: { success: true, jobs, next_cursor: page.next } }
  }),

  "POST /api/jobs": describeRoute({
    tag: "jobs",
    summary: { zh: "新建任务（单个或批量）", en: "Start a job, of one image or of many" },
    body: z.union([mirrorBodySchema, batchBodySchema]),
    answer: oneJobSchema,
    statuses: [202],
  }).handledBy(async ({ call, context, body }) => {
    const job = await ("source_images" in body
      ? call.jobs.startBatch(batchRequestOf(body))
      : call.jobs.start(mirrorRequestOf(body)))
    const view = viewJob(job, context.locale, context.baseUrl)
    return { status: 202, body: { success: true, job: view }, headers: { location: view.links.self } }
  }),

  "GET /api/jobs/export": describeRoute({
    tag: "jobs",
    summary: { zh: "导出任务（CSV 或 JSON）", en: "Every job that matches as a file, those of batches too" },
    query: z.object({ format: z.enum(["csv", "json"]).default("csv"), ...jobFilterShape }),
    answer: z.string(),
    media: "text/csv",
  }).handledBy(async ({ call, context, query }) => {
    const { media, write } = exportFormats[query.format]
    const filter = { everywhere: query.batch === undefined, ...jobFilterOf(query) }
    const today = timeOf(Date.now()).slice(0, 10)
    return {
      chunks: write(pagesOfJobs(call, filter, (job) => viewJob(job, context.locale, context.baseUrl))),
      headers: {
        "content-type": media,
        "content-disposition": `attachment; filename="entrepot-jobs-${today}.${query.format}"`,
      },
    }
  }),

  "GET /api/jobs/{id}": describeRoute({
    tag: "jobs",
    summary: { zh: "任务详情", en: "One job" },
    path: onePath,
    answer: oneJobSchema,
  }).handledBy(async ({ call, context, path }) => {
    const job = await call.jobs.get({ id: path.id })
    return { body: { success: true, job: viewJob(job, context.locale, context.baseUrl) } }
  }),

  "DELETE /api/jobs/{id}": describeRoute({
    tag: "jobs",
    summary: { zh: "从历史中删除", en: "Take an ended job out of the history" },
    path: onePath,
    answer: z.object({ success }),
  }).handledBy(async ({ call, path }) => {
    await call.jobs.remove({ id: path.id })
    return { body: { success: true } }
  }),

  "POST /api/jobs/{id}/cancel": describeRoute({
    tag: "jobs",
    summary: { zh: "取消任务", en: "Cancel a job" },
    path: onePath,
    answer: oneJobSchema,
  }).handledBy(async ({ call, context, path }) => {
    const job = await call.jobs.cancel({ id: path.id })
    return { body: { success: true, job: viewJob(job, context.locale, context.baseUrl) } }
  }),

  "POST /api/jobs/{id}/retry": describeRoute({
    tag: "jobs",
    summary: { zh: "重试任务，可提供新的凭据", en: "Try a job again, with other credentials if need be" },
    path: onePath,
    body: z.object({ source: loginSchema.optional(), target: loginSchema.optional() }).default({}),
    answer: oneJobSchema,
  }).handledBy(async ({ call, context, path, body }) => {
    const job = await call.jobs.retry({ id: path.id, ...body })
    return { body: { success: true, job: viewJob(job, context.locale, context.baseUrl) } }
  }),

  "GET /api/jobs/{id}/events": describeRoute({
    tag: "jobs",
    summary: { zh: "任务事件流（SSE）", en: "A job's events as server-sent events; Last-Event-ID or ?after= goes on" },
    path: onePath,
    query: z.object({ after: z.string().optional(), ticket: z.string().optional() }),
    answer: z.string(),
    media: "text/event-stream",
  }).handledBy(async ({ path }) => ({ follow: path.id })),

  "POST /api/targets/check": describeRoute({
    tag: "targets",
    summary: { zh: "测试目标仓库连接", en: "Test the connection to a target" },
    body: mirrorBodySchema.pick({
      target_host: true,
      target_username: true,
      target_password: true,
      target_id: true,
      target_plain_http: true,
      target_tls_verify: true,
    }),
    answer: z.object({ success: z.boolean(), check: targetCheckSchema }),
  }).handledBy(async ({ call, body }) => {
    const check = await call.targets.check(targetOf(body) ?? { address: "" })
    return { body: { success: check.push.answer === "yes", check } }
  }),
}
