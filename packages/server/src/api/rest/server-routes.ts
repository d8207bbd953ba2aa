import { randomBytes } from "node:crypto"
import { z } from "zod"
import { describeRoute } from "./route.ts"

const healthSchema = z.object({ status: z.enum(["ok", "unavailable"]) })

/** What says how the server is, and what it can do. */
export const serverRoutes = {
  "GET /healthz": describeRoute({
    tag: "server",
    summary: { zh: "存活检查", en: "The process lives" },
    answer: healthSchema,
  }).handledBy(async () => ({ body: { status: "ok" } })),

  "GET /readyz": describeRoute({
    tag: "server",
    summary: { zh: "就绪检查", en: "The server takes work: its database answers, and it does not drain" },
    answer: healthSchema,
  }).handledBy(async ({ server }) => {
    const ready = server.accepting && (await answers(server.ping()))
    return ready ? { body: { status: "ok" } } : { status: 503, body: { status: "unavailable" } }
  }),

  "GET /metrics": describeRoute({
    tag: "server",
    summary: {
      zh: "Prometheus 指标",
      en: "Metrics for Prometheus, which shows an API key with the scope jobs:read as its bearer",
    },
    answer: z.string(),
    media: "text/plain",
  }).handledBy(async ({ server }) => {
    const { contentType, text } = await server.metrics()
    return { raw: text, headers: { "content-type": contentType, "cache-control": "no-store" } }
  }),

  "GET /api/openapi.json": describeRoute({
    tag: "server",
    summary: { zh: "接口描述（OpenAPI 3.1）", en: "This description, OpenAPI 3.1" },
    answer: z.unknown(),
  }).handledBy(async ({ server }) => ({ body: server.document() })),

  "GET /api/docs": describeRoute({
    tag: "server",
    summary: { zh: "接口文档页面", en: "A page to read and try this interface" },
    answer: z.string(),
    media: "text/html",
  }).handledBy(async ({ server }) => {
    const nonce = randomBytes(16).toString("base64")
    return { raw: server.page(nonce), headers: pageHeaders(nonce) }
  }),
}

/** Nothing runs but what carries the nonce, and nothing is asked but us. */
function pageHeaders(nonce: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return { "content-type": "text/html; charset=utf-8", "content-security-policy": policy.join("; ") }
}

async function answers(question: Promise<void>): Promise<boolean> {
  return question.then(
    () => true,
    () => false,
  )
}
