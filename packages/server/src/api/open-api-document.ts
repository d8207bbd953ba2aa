import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi"
import { refusalSchema } from "./rest/fields.ts"
import type { Route } from "./rest/route.ts"
import { routes } from "./rest/routes.ts"
import { rightOf } from "./rights.ts"

/** The plain routes as OpenAPI 3.1, from the very schemas that check them. */
export function openApiDocument(): unknown {
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Entrepot",
      version: "1.0.0",
      description:
        "把容器镜像跨网络转存到目标仓库。登录后用会话 Cookie，或用 API 密钥（Authorization: Bearer ept_…）。\n\n" +
        "Copies container images across a border. Use a session cookie after logging in, or an API key (Authorization: Bearer ept_…).",
    },
    servers: [{ url: "/" }],
    tags: ["mirror", "jobs", "projects", "targets", "registry", "webhooks", "accounts", "server"].map((name) => ({ name })),
    paths: paths(),
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "API key: ept_…" },
        password: { type: "http", scheme: "basic", description: "name and password, or name and API key" },
        session: { type: "apiKey", in: "cookie", name: "entrepot_session", description: "__Host-entrepot over TLS" },
      },
    },
  })
}

function paths(): ZodOpenApiPathsObject {
  const result: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const [key, route] of Object.entries(routes)) {
    const [method = "", path = ""] = key.split(" ")
    const item = result[path] ?? {}
    item[method.toLowerCase()] = operation(key, route)
    result[path] = item
  }
  return result
}

function operation(key: string, route: Route): ZodOpenApiOperationObject {
  const right = rightOf(key)
  const session = right?.who === "anyone" ? [] : [{ session: [] }]
  const keys = right === undefined || right.who === "anyone" || right.keys === "none" ? [] : [{ key: [] }]
  const media = route.media ?? "application/json"
  const good = (route.statuses ?? [200]).map((status) => [
    String(status),
    { description: status === 202 ? "已接受 · accepted" : "成功 · success", content: { [media]: { schema: route.answer } } },
  ])
  return {
    operationId: operationId(key),
    tags: [route.tag],
    summary: `${route.summary.zh} · ${route.summary.en}`,
    "x-summary": route.summary,
    "x-right": right === undefined ? undefined : { who: right.who, keys: right.keys },
    security: [...session, ...keys, ...(route.takesPassword ? [{ password: [] }] : [])],
    ...(route.path === undefined && route.query === undefined
      ? {}
      : {
          requestParams: {
            ...(route.path === undefined ? {} : { path: route.path }),
            ...(route.query === undefined ? {} : { query: route.query }),
          },
        }),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: route.body } } } }),
    responses: {
      ...Object.fromEntries(good),
      default: { description: "拒绝或失败 · refused or failed", content: { "application/json": { schema: refusalSchema } } },
    },
  }
}

/** `post_api_jobs_id_cancel`. */
function operationId(key: string): string {
  return key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/_$/, "")
}
