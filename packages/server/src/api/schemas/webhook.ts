import { type Delivery, webhookEvents, webhookFormats } from "@entrepot/db/stores"
import { z } from "zod"
import type { DeliveryPage, DeliveryView, WebhookView } from "../../webhooks/webhook-service.ts"
import { idSchema } from "./job.ts"

/** Who is told of jobs and upstreams. Address and secret go in, and never come out. */

export const webhookEventSchema = z.enum(webhookEvents)
export const webhookFormatSchema = z.enum(webhookFormats)
export const deliveryStateSchema = z.enum(["pending", "delivered", "failed"])
const localeSchema = z.enum(["zh", "en"])

export const webhookSchema = z
  .object({
    id: z.number(),
    name: z.string(),
    format: webhookFormatSchema,
    host: z.string(),
    events: z.array(webhookEventSchema).readonly(),
    enabled: z.boolean(),
    locale: localeSchema,
    version: z.number(),
    createdAt: z.number(),
    updatedAt: z.number(),
    hasSecret: z.boolean(),
    last: z
      .object({
        state: deliveryStateSchema,
        endedAt: z.number().nullable(),
        status: z.number().nullable(),
        error: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: "Webhook" }) satisfies z.ZodType<WebhookView>

export const webhookListSchema = z.object({ webhooks: z.array(webhookSchema).readonly(), keepsSecrets: z.boolean() })

const shape = {
  name: z.string().min(1).max(128),
  format: webhookFormatSchema,
  /** Write-only. */
  url: z.string().min(1).max(2048),
  events: z.array(webhookEventSchema).min(1).max(webhookEvents.length).readonly(),
}
const optionalShape = {
  /** Write-only. Null forgets it. */
  secret: z.string().min(1).max(1024).nullable().optional(),
  enabled: z.boolean().optional(),
  locale: localeSchema.optional(),
}

export const webhookInputSchema = z.object({ ...shape, ...optionalShape })

export const webhookChangesSchema = z.object({
  id: idSchema,
  changes: z.object({
    name: shape.name.exactOptional(),
    format: shape.format.exactOptional(),
    url: shape.url.exactOptional(),
    events: shape.events.exactOptional(),
    ...optionalShape,
  }),
})

const deliveryShape = {
  id: z.number(),
  webhookId: z.number(),
  event: z.enum([...webhookEvents, "test"]),
  facts: z.string(),
  state: deliveryStateSchema,
  attempts: z.number(),
  nextAt: z.number().nullable(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  status: z.number().nullable(),
  error: z.string().nullable(),
  durationMs: z.number().nullable(),
}

export const deliverySchema = z.object(deliveryShape).meta({ id: "Delivery" }) satisfies z.ZodType<Delivery>

/** With what was, or is to be, sent. */
export const deliveryViewSchema = z
  .object({ ...deliveryShape, body: z.string() })
  .meta({ id: "DeliveryWithBody" }) satisfies z.ZodType<DeliveryView>

/** A page of deliveries, newest first: `before` is the cursor that the page before gave. */
export const deliveryQuerySchema = z.object({
  webhookId: idSchema.exactOptional(),
  before: idSchema.exactOptional(),
  limit: z.number().int().min(1).max(200).default(50),
})

export const deliveryPageSchema = z.object({
  deliveries: z.array(deliverySchema).readonly(),
  next: z.number().nullable(),
}) satisfies z.ZodType<DeliveryPage>
