import { and, asc, eq, gte, inArray, max } from "drizzle-orm"
import { type Context, rows, run, type Work } from "../engine/engine.ts"
import { wholeBatches } from "../engine/whole-batches.ts"
import { eventsOf } from "./webhook-row.ts"
import type { Delivery, WebhookEvent } from "./webhook-store.ts"

/** Something to tell one webhook. */
export interface NewDelivery extends Pick<Delivery, "webhookId" | "event" | "facts"> {
  readonly subject: string | null
}

/** Webhooks that are enabled, with what they want to be told. */
export function* listeners({
  db,
  tables: { webhooks },
}: Context): Work<readonly { readonly id: number; readonly events: readonly WebhookEvent[] }[]> {
  const { id, events } = webhooks
  const found = yield* rows(db.select({ id, events }).from(webhooks).where(eq(webhooks.enabled, true)).orderBy(asc(id)))
  return found.map((each) => ({ id: each.id, events: eventsOf(each) }))
}

/** Of these webhooks, those that were told the same of the same subject since then. */
export function* toldSince(
  { db, tables: { webhookDeliveries } }: Context,
  event: WebhookEvent,
  subject: string,
  since: number,
): Work<ReadonlySet<number>> {
  const { webhookId, createdAt } = webhookDeliveries
  const same = and(eq(webhookDeliveries.subject, subject), eq(webhookDeliveries.event, event), gte(createdAt, since))
  const told = yield* rows(db.selectDistinct({ webhookId }).from(webhookDeliveries).where(same))
  return new Set(told.map((each) => each.webhookId))
}

/** Of all webhooks, those whose newest message of the subject is that event. */
export function* lastTold(
  { db, tables: { webhookDeliveries } }: Context,
  event: WebhookEvent,
  subject: string,
): Work<ReadonlySet<number>> {
  const { id, webhookId } = webhookDeliveries
  const newest = db
    .select({ id: max(id) })
    .from(webhookDeliveries)
    .where(eq(webhookDeliveries.subject, subject))
    .groupBy(webhookId)
  const told = yield* rows(
    db
      .select({ webhookId })
      .from(webhookDeliveries)
      .where(and(inArray(id, newest), eq(webhookDeliveries.event, event))),
  )
  return new Set(told.map((each) => each.webhookId))
}

/** Deliveries that are due at once. The transaction holds the queue's lock, so that none of their webhooks is removed meanwhile. */
export function* insertDeliveries(context: Context, deliveries: readonly NewDelivery[], at: number): Work<void> {
  const { db, tables } = context
  for (const batch of wholeBatches(deliveries)) {
    const values = batch.map((each) => ({ ...each, state: "pending", attempts: 0, nextAt: at, createdAt: at }))
    yield* run(db.insert(tables.webhookDeliveries).values(values))
  }
  if (deliveries.length > 0) context.announce()
}
