import { z } from "zod"
import { accessActionSchema, accessCacheSchema } from "../schemas/access-log.ts"
import { accessExportFormats, pagesOfAccess } from "./export-access-log.ts"
import { idText, limitText, success, timeOf } from "./fields.ts"
import { given } from "./given.ts"
import {
  accessViewSchema,
  pullUserViewSchema,
  upstreamViewSchema,
  viewAccess,
  viewPullUser,
  viewUpstream,
  viewWhitelist,
  whitelistSchema,
} from "./registry-view.ts"
import { describeRoute } from "./route.ts"

const onePath = z.object({ id: idText })
const doneSchema = z.object({ success })

const upstreamShape = {
  prefix: z.string().max(256).optional(),
  priority: z.number().int().optional(),
  enabled: z.boolean().optional(),
  virtual_hosts: z.array(z.string().max(256)).max(20).optional(),
  /** Seconds; null for the server's own. */
  tag_ttl: z.number().min(0).nullable().optional(),
  tls_verify: z.boolean().optional(),
  username: z.string().max(256).nullable().optional(),
  /** Write-only; null forgets it. */
  password: z.string().max(8192).nullable().optional(),
}
const upstreamName = z.string().min(1).max(128).meta({ example: "mirror" })
const upstreamUrl = z.string().min(1).max(1024).meta({ example: "https://mirror.example.com" })
/** Sources of seed 3 are Docker Hub's mirrors, where nothing else is said. */
const upstreamRegistry = z.string().min(1).max(256).meta({ example: "docker.io" })

const newUpstreamSchema = z.object({
  name: upstreamName,
  url: upstreamUrl,
  registry: upstreamRegistry.default("docker.io"),
  ...upstreamShape,
})

const changedUpstreamSchema = z.object({
  id: z.number().int().positive(),
  name: upstreamName.optional(),
  url: upstreamUrl.optional(),
  registry: upstreamRegistry.optional(),
  ...upstreamShape,
})

const statusText = z
  .string()
  .regex(/^[1-5](?:\d\d|xx)?$/, "a status like 404, or 4 for all of 400 to 499")
  .transform((text) => Number(text.replace("xx", "")))

const logFilterShape = {
  username: z.string().max(256).optional(),
  ip: z.string().max(64).optional(),
  action: accessActionSchema.optional(),
  /** The whole name, or with `/` at its end everything below it. */
  image: z.string().max(512).optional(),
  cache: accessCacheSchema.optional(),
  status: statusText.optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
}

/** Seed 3's interface, which takes an administrator's name and password (HTTP Basic) as well. */
export const registryRoutes = {
  "GET /api/registries": describeRoute({
    tag: "registry",
    summary: { zh: "获取所有镜像源", en: "Upstreams that images are read through" },
    answer: z.object({ success, registries: z.array(upstreamViewSchema) }),
    takesPassword: true,
  }).handledBy(async ({ call }) => ({
    body: { success: true, registries: (await call.upstreams.list()).upstreams.map(viewUpstream) },
  })),

  "POST /api/registries": describeRoute({
    tag: "registry",
    summary: { zh: "创建镜像源", en: "Add an upstream" },
    body: newUpstreamSchema,
    answer: z.object({ success, registry: upstreamViewSchema }),
    statuses: [201],
    takesPassword: true,
  }).handledBy(async ({ call, body }) => {
    const { name, url, registry } = body
    const upstream = await call.upstreams.create({ name, url, registry, ...fieldsOf(body) })
    return { status: 201, body: { success: true, registry: viewUpstream(upstream) } }
  }),

  "PUT /api/registries": describeRoute({
    tag: "registry",
    summary: { zh: "更新镜像源", en: "Change an upstream; what is not named stays" },
    body: changedUpstreamSchema,
    answer: z.object({ success, registry: upstreamViewSchema }),
    takesPassword: true,
  }).handledBy(async ({ call, body }) => {
    const { id, name, url, registry } = body
    const changes = { ...given({ name, url, registry }), ...fieldsOf(body) }
    return { body: { success: true, registry: viewUpstream(await call.upstreams.update({ id, changes })) } }
  }),

  "DELETE /api/registries/{id}": describeRoute({
    tag: "registry",
    summary: { zh: "删除镜像源", en: "Remove an upstream" },
    path: onePath,
    answer: doneSchema,
    takesPassword: true,
  }).handledBy(async ({ call, path }) => {
    await call.upstreams.remove({ id: path.id })
    return { body: { success: true } }
  }),

  "GET /api/whitelists": describeRoute({
    tag: "registry",
    summary: { zh: "获取所有白名单", en: "Prefixes of images that anybody may pull" },
    answer: z.object({ success, whitelists: z.array(whitelistSchema) }),
    takesPassword: true,
  }).handledBy(async ({ call }) => ({
    body: { success: true, whitelists: (await call.accessRules.list({ effect: "allow" })).map(viewWhitelist) },
  })),

  "POST /api/whitelists": describeRoute({
    tag: "registry",
    summary: { zh: "创建白名单", en: "Let anybody pull what begins with this" },
    body: z.object({ prefix: z.string().min(1).max(512).meta({ example: "helloz" }) }),
    answer: z.object({ success, whitelist: whitelistSchema }),
    statuses: [201],
    takesPassword: true,
  }).handledBy(async ({ call, body }) => {
    const rule = await call.accessRules.create({ effect: "allow", prefix: body.prefix })
    return { status: 201, body: { success: true, whitelist: viewWhitelist(rule) } }
  }),

  "DELETE /api/whitelists/{id}": describeRoute({
    tag: "registry",
    summary: { zh: "删除白名单", en: "Remove a prefix" },
    path: onePath,
    answer: doneSchema,
    takesPassword: true,
  }).handledBy(async ({ call, path }) => {
    await call.accessRules.remove({ id: path.id })
    return { body: { success: true } }
  }),

  "GET /api/users": describeRoute({
    tag: "registry",
    summary: { zh: "获取所有用户", en: "Who may docker login" },
    answer: z.object({ success, users: z.array(pullUserViewSchema) }),
    takesPassword: true,
  }).handledBy(async ({ call }) => ({ body: { success: true, users: (await call.pullUsers.list()).map(viewPullUser) } })),

  "POST /api/users": describeRoute({
    tag: "registry",
    summary: { zh: "创建用户", en: "Let somebody docker login" },
    body: z.object({
      username: z.string().min(1).max(128).meta({ example: "ci" }),
      password: z.string().min(1).max(1024).meta({ example: "" }),
    }),
    answer: z.object({ success, user: pullUserViewSchema }),
    statuses: [201],
    takesPassword: true,
  }).handledBy(async ({ call, body }) => {
    const user = await call.pullUsers.create({ name: body.username, password: body.password })
    return { status: 201, body: { success: true, user: viewPullUser(user) } }
  }),

  "DELETE /api/users/{id}": describeRoute({
    tag: "registry",
    summary: { zh: "删除用户", en: "Take a login away" },
    path: onePath,
    answer: doneSchema,
    takesPassword: true,
  }).handledBy(async ({ call, path }) => {
    await call.pullUsers.remove({ id: path.id })
    return { body: { success: true } }
  }),

  "GET /api/logs": describeRoute({
    tag: "registry",
    summary: { zh: "获取访问日志", en: "Who pulled and pushed what, newest first" },
    query: z.object({ limit: limitText, cursor: idText.optional(), ...logFilterShape }),
    answer: z.object({ success, logs: z.array(accessViewSchema), next_cursor: z.number().nullable(), dropped: z.number() }),
    takesPassword: true,
  }).handledBy(async ({ call, query }) => {
    const page = await call.accessLog.list({
      limit: query.limit ?? 50,
      ...filterOf(query),
      ...given({ before: query.cursor }),
    })
    return {
      body: { success: true, logs: page.entries.map(viewAccess), next_cursor: page.next, dropped: page.dropped },
    }
  }),

  "GET /api/logs/export": describeRoute({
    tag: "registry",
    summary: { zh: "导出访问日志（CSV 或 JSON）", en: "Every entry that matches as a file" },
    query: z.object({ format: z.enum(["csv", "json"]).default("csv"), ...logFilterShape }),
    answer: z.string(),
    media: "text/csv",
    takesPassword: true,
  }).handledBy(async ({ call, query }) => {
    const { media, write } = accessExportFormats[query.format]
    return {
      chunks: write(pagesOfAccess(call, filterOf(query))),
      headers: {
        "content-type": media,
        "content-disposition": `attachment; filename="entrepot-access-${timeOf(Date.now()).slice(0, 10)}.${query.format}"`,
      },
    }
  }),

  "DELETE /api/logs": describeRoute({
    tag: "registry",
    summary: { zh: "清空访问日志", en: "Forget everything that is logged" },
    answer: z.object({ success, removed: z.number() }),
    takesPassword: true,
  }).handledBy(async ({ call }) => ({ body: { success: true, ...(await call.accessLog.clear()) } })),
}

function fieldsOf(body: Omit<z.output<typeof changedUpstreamSchema>, "id" | "name" | "url" | "registry">) {
  const { tag_ttl: tagTtl } = body
  return given({
    pathPrefix: body.prefix,
    priority: body.priority,
    enabled: body.enabled,
    virtualHosts: body.virtual_hosts,
    tagLifetimeMs: typeof tagTtl === "number" ? Math.round(tagTtl * 1000) : tagTtl,
    tlsVerify: body.tls_verify,
    username: body.username,
    password: body.password,
  })
}

function filterOf(query: z.output<z.ZodObject<typeof logFilterShape>>) {
  const { username, ip, image, action, cache, status, since, until } = query
  return given({
    ...{ user: username, address: ip, repository: image, action, cache, status },
    from: since === undefined ? undefined : Date.parse(since),
    to: until === undefined ? undefined : Date.parse(until),
  })
}
