import { and, asc, eq, inArray, isNotNull, lte, min, sql } from "drizzle-orm"
import { type Context, rows, run, type Work } from "../engine/engine.ts"
import type { DeliveryRow } from "./webhook-row.ts"
import type { DeliveryResult } from "./webhook-store.ts"

/** WebhookStore.nextDue. */
export function* nextDue({ db, tables: { webhooks, webhookDeliveries } }: Context): Work<number | undefined> {
  const { nextAt, webhookId } = webhookDeliveries
  const waiting = yield* rows(
    db
      .select({ nextAt: min(nextAt), freeAt: webhooks.freeAt })
      .from(webhookDeliveries)
      .innerJoin(webhooks, eq(webhooks.id, webhookId))
      .where(isNotNull(nextAt))
      .groupBy(webhooks.id, webhooks.freeAt),
  )
  const times = waiting.map((each) => Math.max(each.nextAt ?? 0, each.freeAt))
  return times.length === 0 ? undefined : Math.min(...times)
}

/** WebhookStore.claim. */
export function* claimDue(
  context: Context,
  { at, leaseMs, limit }: { readonly at: number; readonly leaseMs: number; readonly limit: number },
): Work<readonly DeliveryRow[]> {
  const { db, tables } = context
  const { counters, webhooks, webhookDeliveries } = tables
  const { id, nextAt, attempts, webhookId } = webhookDeliveries
  // Claims follow each other: none finds what another has just taken.
  yield* run(
    db
      .update(counters)
      .set({ value: sql`${counters.value} + 1` })
      .where(eq(counters.name, "webhooks")),
  )
  const due = db
    .select({ id: min(id) })
    .from(webhookDeliveries)
    .innerJoin(webhooks, eq(webhooks.id, webhookId))
    .where(and(lte(nextAt, at), lte(webhooks.freeAt, at)))
    .groupBy(webhookId)
    .orderBy(asc(min(id)))
    .limit(limit)
  const taken = yield* rows(
    db
      .update(webhookDeliveries)
      .set({ nextAt: at + leaseMs, attempts: sql`${attempts} + 1` })
      .where(inArray(id, due))
      .returning(),
  )
  const busy = taken.map((delivery) => delivery.webhookId)
  if (busy.length > 0) {
    yield* run(
      db
        .update(webhooks)
        .set({ freeAt: at + leaseMs })
        .where(inArray(webhooks.id, busy)),
    )
  }
  return taken.sort((one, other) => one.id - other.id)
}

/** WebhookStore.settle. */
export function* settleDelivery(
  { db, tables: { webhooks, webhookDeliveries } }: Context,
  id: number,
  attempt: number,
  { state, status, error, durationMs, nextAt, at, freeAt = at }: DeliveryResult,
): Work<boolean> {
  const isPending = state === "pending"
  const mine = and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.attempts, attempt), eq(webhookDeliveries.state, "pending"))
  const settled = yield* rows(
    db
      .update(webhookDeliveries)
      .set({ state, status, error, durationMs, nextAt: isPending ? (nextAt ?? at) : null, endedAt: isPending ? null : at })
      .where(mine)
      .returning({ webhookId: webhookDeliveries.webhookId }),
  )
  for (const { webhookId } of settled) yield* run(db.update(webhooks).set({ freeAt }).where(eq(webhooks.id, webhookId)))
  return settled.length > 0
}
