import type { Delivery } from "@entrepot/db/stores"
import { z } from "zod"
import type { DeliveryView, WebhookView } from "../../webhooks/webhook-service.ts"
import { deliveryStateSchema, webhookEventSchema, webhookFormatSchema } from "../schemas/webhook.ts"
import { timeOf, timeSchema } from "./fields.ts"

/** Webhooks in the words of REST. Address and secret never come back. */

export const webhookViewSchema = z
  .object({
    id: z.number(),
    name: z.string(),
    format: webhookFormatSchema,
    host: z.string(),
    events: z.array(webhookEventSchema),
    enabled: z.boolean(),
    locale: z.enum(["zh", "en"]),
    has_secret: z.boolean(),
    /** The newest delivery that has ended. */
    last: z
      .object({
        state: deliveryStateSchema,
        ended_at: timeSchema.nullable(),
        status: z.number().nullable(),
        error: z.string().nullable(),
      })
      .nullable(),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: "WebhookEntry" })

export function viewWebhook(webhook: WebhookView): z.input<typeof webhookViewSchema> {
  const { id, name, format, host, events, enabled, locale, hasSecret, last, createdAt, updatedAt } = webhook
  return {
    ...{ id, name, format, host, events: [...events], enabled, locale, has_secret: hasSecret },
    last: last && { state: last.state, ended_at: timeOrNull(last.endedAt), status: last.status, error: last.error },
    created_at: timeOf(createdAt),
    updated_at: timeOf(updatedAt),
  }
}

export const deliveryViewSchema = z
  .object({
    id: z.number(),
    webhook_id: z.number(),
    event: z.string(),
    state: deliveryStateSchema,
    attempts: z.number(),
    /** When it is tried next. */
    next_at: timeSchema.nullable(),
    /** HTTP status of the last try; null without an answer. */
    status: z.number().nullable(),
    error: z.string().nullable(),
    /** Milliseconds of the last try. */
    duration: z.number().nullable(),
    created_at: timeSchema,
    ended_at: timeSchema.nullable(),
  })
  .meta({ id: "WebhookDelivery" })

/** With what was, or is to be, sent. */
export const deliveryBodySchema = deliveryViewSchema.extend({ body: z.string() }).meta({ id: "WebhookDeliveryWithBody" })

export function viewDelivery(delivery: Delivery): z.input<typeof deliveryViewSchema> {
  const { id, webhookId, event, state, attempts, nextAt, status, error, durationMs, createdAt, endedAt } = delivery
  return {
    ...{ id, webhook_id: webhookId, event, state, attempts, status, error, duration: durationMs },
    next_at: timeOrNull(nextAt),
    created_at: timeOf(createdAt),
    ended_at: timeOrNull(endedAt),
  }
}

export function viewDeliveryWithBody(delivery: DeliveryView): z.input<typeof deliveryBodySchema> {
  return { ...viewDelivery(delivery), body: delivery.body }
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : timeOf(at)
}
