import { formatFamiliar, type Locale, parseReference } from "@entrepot/core"
import type { Job, Project } from "@entrepot/db/stores"
import { z } from "zod"
import { imageTextSchema, jobStateSchema, loginSchema } from "../schemas/job.ts"
import { errorSchema, idText, limitText, success, timeOf, timeSchema } from "./fields.ts"
import { given } from "./given.ts"
import { errorOf, messageOf, percentOf } from "./job-view.ts"
import { describeRoute } from "./route.ts"

const projectPath = z.object({ project_id: z.string().meta({ description: "number or name" }) })
const importPath = projectPath.extend({ id: idText })

const importSchema = z
  .object({
    success,
    id: z.number(),
    project_id: z.number(),
    status: jobStateSchema,
    /** Percent, whole. */
    progress: z.number().int(),
    message: z.string(),
    source_url: z.string(),
    /** Name below the project. */
    target_image: z.string(),
    target_tag: z.string(),
    /** Whole name at the target: what to pull. */
    reference: z.string(),
    digest: z.string().nullable(),
    error: errorSchema.nullable(),
    created_at: timeSchema,
    updated_at: timeSchema,
    links: z.object({ self: z.string(), events: z.string() }),
  })
  .meta({ id: "Import" })

/** Seed 1's interface: images into a project, asynchronously. */
export const projectRoutes = {
  "POST /api/v1/projects/{project_id}/images/import": describeRoute({
    tag: "projects",
    summary: { zh: "从URL导入镜像", en: "Import an image into a project" },
    path: projectPath,
    body: z.object({
      source_url: imageTextSchema.meta({ example: "docker.io/library/nginx:latest" }),
      target_image: z.string().min(1).max(256).optional(),
      target_tag: z.string().min(1).max(128).optional(),
      auth: loginSchema.optional(),
    }),
    answer: importSchema,
    statuses: [202],
  }).handledBy(async ({ call, context, path, body }) => {
    const job = await call.projects.importImage({
      project: path.project_id,
      sourceUrl: body.source_url,
      ...given({ targetImage: body.target_image, targetTag: body.target_tag, auth: body.auth }),
    })
    const view = viewImport(job, await call.projects.get({ project: path.project_id }), context)
    return { status: 202, body: view, headers: { location: view.links.self } }
  }),

  "GET /api/v1/projects/{project_id}/images/imports": describeRoute({
    tag: "projects",
    summary: { zh: "导入列表", en: "Imports of a project, newest first" },
    path: projectPath,
    query: z.object({ limit: limitText, cursor: idText.optional() }),
    answer: z.object({ success, imports: z.array(importSchema), next_cursor: z.number().nullable() }),
  }).handledBy(async ({ call, context, path, query }) => {
    const project = await call.projects.get({ project: path.project_id })
    const page = await call.projects.imports({
      project: path.project_id,
      limit: query.limit ?? 50,
      ...given({ before: query.cursor }),
    })
    const imports = page.jobs.map((job) => viewImport(job, project, context))
    return { body: { success: true, imports, next_cursor: page.next } }
  }),

  "GET /api/v1/projects/{project_id}/images/imports/{id}": describeRoute({
    tag: "projects",
    summary: { zh: "导入进度", en: "One import, and how far it is" },
    path: importPath,
    answer: importSchema,
  }).handledBy(async ({ call, context, path }) => {
    const job = await call.projects.getImport({ project: path.project_id, id: path.id })
    return { body: viewImport(job, await call.projects.get({ project: path.project_id }), context) }
  }),

  "GET /api/v1/projects/{project_id}/images/imports/{id}/events": describeRoute({
    tag: "projects",
    summary: { zh: "导入事件流（SSE）", en: "An import's events as server-sent events" },
    path: importPath,
    query: z.object({ after: z.string().optional() }),
    answer: z.string(),
    media: "text/event-stream",
  }).handledBy(async ({ call, path }) => ({
    follow: (await call.projects.getImport({ project: path.project_id, id: path.id })).id,
  })),
}

function viewImport(
  job: Job,
  project: Project,
  { locale, baseUrl }: { readonly locale: Locale; readonly baseUrl: string },
): z.input<typeof importSchema> {
  const reference = parseReference(job.target)
  const self = `${baseUrl}/api/v1/projects/${project.id}/images/imports/${job.id}`
  return {
    success: true,
    id: job.id,
    project_id: project.id,
    status: job.state,
    progress: percentOf(job),
    message: messageOf(job, locale),
    source_url: job.source,
    target_image: nameBelow(project, reference.repository),
    target_tag: reference.tag ?? "",
    reference: formatFamiliar(reference),
    digest: job.digest,
    error: errorOf(job, locale),
    created_at: timeOf(job.createdAt),
    updated_at: timeOf(job.endedAt ?? job.startedAt ?? job.createdAt),
    links: { self, events: `${self}/events` },
  }
}

/** The image's name without the project's path, and without the target's before it. */
function nameBelow({ path }: Project, repository: string): string {
  const inside = `/${repository}`
  const found = path === "" ? -1 : inside.indexOf(`/${path}/`)
  return found === -1 ? repository : inside.slice(found + path.length + 2)
}
