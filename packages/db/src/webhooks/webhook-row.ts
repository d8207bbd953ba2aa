import type { Tables } from "../schema/tables.ts"
import type { Delivery, WebhookRecord } from "./webhook-store.ts"

/** A row of `webhooks`. */
export type WebhookRow = Tables["webhooks"]["$inferSelect"]
/** A row of `webhook_deliveries`. */
export type DeliveryRow = Tables["webhookDeliveries"]["$inferSelect"]

/** The webhook that a row stands for. */
export function toWebhook({ freeAt: _, ...found }: WebhookRow): WebhookRecord {
  return {
    ...found,
    format: found.format as WebhookRecord["format"],
    events: eventsOf(found),
    locale: found.locale as WebhookRecord["locale"],
  }
}

/** What somebody wants to be told. */
export function eventsOf({ events }: Pick<WebhookRow, "events">): WebhookRecord["events"] {
  return JSON.parse(events) as WebhookRecord["events"]
}

/** The columns of a webhook that its owner says. */
export function webhookColumns(webhook: Omit<WebhookRecord, "id" | "createdAt" | "updatedAt">) {
  const { name, format, host, sealed, enabled, locale, version } = webhook
  return { name, format, host, sealed, events: JSON.stringify(webhook.events), enabled, locale, version }
}

/** The delivery that a row stands for. */
export function toDelivery({ subject, ...found }: DeliveryRow): Delivery {
  return { ...found, event: found.event as Delivery["event"], state: found.state as Delivery["state"] }
}
