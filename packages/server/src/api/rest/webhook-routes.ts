import { z } from "zod"
import { webhookInputSchema } from "../schemas/webhook.ts"
import { idText, limitText, success } from "./fields.ts"
import { given } from "./given.ts"
import { describeRoute } from "./route.ts"
import {
  deliveryBodySchema,
  deliveryViewSchema,
  viewDelivery,
  viewDeliveryWithBody,
  viewWebhook,
  webhookViewSchema,
} from "./webhook-view.ts"

const onePath = z.object({ id: idText })

const { name, url } = webhookInputSchema.shape
const inputSchema = webhookInputSchema.extend({
  name: name.meta({ example: "ops chat" }),
  url: url.meta({ example: "https://hooks.example.com/entrepot" }),
})

/** Who is told of jobs and upstreams, and how that went. */
export const webhookRoutes = {
  "GET /api/webhooks": describeRoute({
    tag: "webhooks",
    summary: { zh: "获取所有通知", en: "Who is told of jobs and upstreams" },
    answer: z.object({ success, webhooks: z.array(webhookViewSchema), keeps_secrets: z.boolean() }),
  }).handledBy(async ({ call }) => {
    const { webhooks, keepsSecrets } = await call.webhooks.list()
    return { body: { success: true, webhooks: webhooks.map(viewWebhook), keeps_secrets: keepsSecrets } }
  }),

  "POST /api/webhooks": describeRoute({
    tag: "webhooks",
    summary: { zh: "创建通知", en: "Add a webhook; needs a master key" },
    body: inputSchema,
    answer: z.object({ success, webhook: webhookViewSchema }),
    statuses: [201],
  }).handledBy(async ({ call, body }) => {
    const webhook = await call.webhooks.create(body)
    return { status: 201, body: { success: true, webhook: viewWebhook(webhook) } }
  }),

  "PUT /api/webhooks/{id}": describeRoute({
    tag: "webhooks",
    summary: { zh: "更新通知", en: "Change a webhook; what is not named stays" },
    path: onePath,
    body: inputSchema.partial(),
    answer: z.object({ success, webhook: webhookViewSchema }),
  }).handledBy(async ({ call, path, body }) => {
    const changes = given(body)
    return { body: { success: true, webhook: viewWebhook(await call.webhooks.update({ id: path.id, changes })) } }
  }),

  "DELETE /api/webhooks/{id}": describeRoute({
    tag: "webhooks",
    summary: { zh: "删除通知", en: "Remove a webhook, and what is to be told it" },
    path: onePath,
    answer: z.object({ success }),
  }).handledBy(async ({ call, path }) => {
    await call.webhooks.remove({ id: path.id })
    return { body: { success: true } }
  }),

  "POST /api/webhooks/{id}/test": describeRoute({
    tag: "webhooks",
    summary: { zh: "发送测试消息", en: "Send a message now, and answer when its first try has ended" },
    path: onePath,
    answer: z.object({ success, delivery: deliveryViewSchema }),
  }).handledBy(async ({ call, path }) => ({
    body: { success: true, delivery: viewDelivery(await call.webhooks.test({ id: path.id })) },
  })),

  "GET /api/webhook-deliveries": describeRoute({
    tag: "webhooks",
    summary: { zh: "获取发送记录", en: "What was sent, newest first" },
    query: z.object({ limit: limitText, cursor: idText.optional(), webhook_id: idText.optional() }),
    answer: z.object({ success, deliveries: z.array(deliveryViewSchema), next_cursor: z.number().nullable() }),
  }).handledBy(async ({ call, query }) => {
    const { limit = 50, cursor, webhook_id: webhookId } = query
    const page = await call.webhooks.deliveries({ limit, ...given({ before: cursor, webhookId }) })
    return { body: { success: true, deliveries: page.deliveries.map(viewDelivery), next_cursor: page.next } }
  }),

  "GET /api/webhook-deliveries/{id}": describeRoute({
    tag: "webhooks",
    summary: { zh: "获取一条发送记录及其内容", en: "One delivery with its body" },
    path: onePath,
    answer: z.object({ success, delivery: deliveryBodySchema }),
  }).handledBy(async ({ call, path }) => ({
    body: { success: true, delivery: viewDeliveryWithBody(await call.webhooks.delivery({ id: path.id })) },
  })),

  "POST /api/webhook-deliveries/{id}/redeliver": describeRoute({
    tag: "webhooks",
    summary: { zh: "重新发送", en: "Put one that has ended back into the queue" },
    path: onePath,
    answer: z.object({ success, delivery: deliveryViewSchema }),
  }).handledBy(async ({ call, path }) => ({
    body: { success: true, delivery: viewDelivery(await call.webhooks.redeliver({ id: path.id })) },
  })),
}
