import { describeStage, type Locale } from "@entrepot/core"
import type { Job } from "@entrepot/db/stores"
import { z } from "zod"
import { describeFailure, errorBody, sayError } from "../api-error.ts"
import { jobStateSchema } from "../schemas/job.ts"
import { errorSchema, timeOf, timeSchema } from "./fields.ts"

const linksSchema = z.object({ self: z.string(), events: z.string() })

/** A job in the seeds' spelling. */
export const jobViewSchema = z
  .object({
    id: z.number(),
    kind: z.enum(["mirror", "batch"]),
    parent_id: z.number().nullable(),
    source_image: z.string(),
    target_image: z.string(),
    target_host: z.string(),
    status: jobStateSchema,
    /** What a person reads about it now. */
    message: z.string(),
    stage: z.string().nullable(),
    /** Percent, whole. */
    progress: z.number().int().min(0).max(100),
    bytes_done: z.number(),
    bytes_total: z.number(),
    digest: z.string().nullable(),
    unchanged: z.boolean(),
    attempts: z.number(),
    wait_reason: z.enum(["rate_limit", "credentials"]).nullable(),
    wait_until: timeSchema.nullable(),
    error_msg: z.string().nullable(),
    error: errorSchema.nullable(),
    /** Whole seconds, null until it has ended. */
    duration: z.number().nullable(),
    created_at: timeSchema,
    started_at: timeSchema.nullable(),
    ended_at: timeSchema.nullable(),
    links: linksSchema,
  })
  .meta({ id: "JobView" })

/** A job under the seeds' field names. */
export function viewJob(job: Job, locale: Locale, baseUrl: string): z.input<typeof jobViewSchema> {
  return {
    id: job.id,
    kind: job.kind,
    parent_id: job.parentId,
    source_image: job.source,
    target_image: job.target,
    target_host: job.targetHost,
    status: job.state,
    message: messageOf(job, locale),
    stage: job.stage,
    progress: percentOf(job),
    bytes_done: job.progress?.bytesDone ?? 0,
    bytes_total: job.progress?.bytesTotal ?? 0,
    digest: job.digest,
    unchanged: job.unchanged,
    attempts: job.attempts,
    wait_reason: job.waitReason,
    wait_until: job.waitUntil === null ? null : timeOf(job.waitUntil),
    error_msg: errorMessageOf(job, locale),
    error: errorOf(job, locale),
    duration: durationOf(job),
    created_at: timeOf(job.createdAt),
    started_at: job.startedAt === null ? null : timeOf(job.startedAt),
    ended_at: job.endedAt === null ? null : timeOf(job.endedAt),
    links: { self: `${baseUrl}/api/jobs/${job.id}`, events: `${baseUrl}/api/jobs/${job.id}/events` },
  }
}

/** Seed 0 section 4.1: what is happening, or how it ended. */
export function messageOf(job: Job, locale: Locale): string {
  switch (job.state) {
    case "queued":
      return describeStage("prepare", {}, locale)
    case "waiting":
      return waitingOf(job, locale)
    case "running":
      return describeStage(job.stage ?? "prepare", { image_name: job.source }, locale)
    case "succeeded":
      return describeStage(job.unchanged ? "unchanged" : "succeeded", {}, locale)
    case "failed":
      return describeStage("failed", { error_message: errorMessageOf(job, locale) ?? "" }, locale)
    case "cancelled":
      return describeStage("cancelled", {}, locale)
  }
}

function waitingOf(job: Job, locale: Locale): string {
  if (job.waitReason === "credentials") {
    return locale === "zh" ? "等待重新输入仓库密码" : "Waiting for the registry's password to be entered again"
  }
  const until = job.waitUntil === null ? "" : timeOf(job.waitUntil)
  return locale === "zh" ? `仓库限制了请求频率，将于 ${until} 继续` : `The registry limits requests; goes on at ${until}`
}

/** Why it failed, one sentence; null where it did not. */
export function errorMessageOf(job: Job, locale: Locale): string | null {
  return job.failure === null ? null : sayError(describeFailure(job.failure), locale)
}

/** Why a job failed, in that language; null where it did not. */
export function errorOf(job: Job, locale: Locale): z.input<typeof errorSchema> | null {
  return job.failure === null ? null : errorBody(describeFailure(job.failure), locale).error
}

/** Percent, whole; 100 only at the end. */
export function percentOf(job: Job): number {
  if (job.state === "succeeded") return 100
  const { bytesDone = 0, bytesTotal = 0 } = job.progress ?? {}
  return bytesTotal === 0 ? 0 : Math.max(0, Math.min(99, Math.floor((100 * bytesDone) / bytesTotal)))
}

/** Whole seconds between begin and end; null until it has ended. */
export function durationOf(job: Job): number | null {
  return job.endedAt === null ? null : Math.max(0, Math.round((job.endedAt - (job.startedAt ?? job.endedAt)) / 1000))
}
