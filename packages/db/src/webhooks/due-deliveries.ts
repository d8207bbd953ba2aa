import { and, asc, eq, inArray, isNotNull, lte, sql } from "drizzle-orm"
import { type Context, row, rows, run, type Work } from "../engine/engine.ts"
import type { DeliveryRow } from "./webhook-row.ts"
import type { DeliveryResult } from "./webhook-store.ts"

/** WebhookStore.nextDue. */
export function* nextDue({ db, tables: { webhookDeliveries } }: Context): Work<number | undefined> {
  const { nextAt } = webhookDeliveries
  const first = yield* row(db.select({ nextAt }).from(webhookDeliveries).where(isNotNull(nextAt)).orderBy(asc(nextAt)).limit(1))
  return first?.nextAt ?? undefined
}

/** WebhookStore.claim. */
export function* claimDue(
  context: Context,
  { at, leaseMs, limit }: { readonly at: number; readonly leaseMs: number; readonly limit: number },
): Work<readonly DeliveryRow[]> {
  const { db, tables } = context
  const { counters, webhookDeliveries } = tables
  const { id, nextAt, attempts } = webhookDeliveries
  // Claims follow each other: none finds what another has just taken.
  yield* run(
    db
      .update(counters)
      .set({ value: sql`${counters.value} + 1` })
      .where(eq(counters.name, "webhooks")),
  )
  const due = db.select({ id }).from(webhookDeliveries).where(lte(nextAt, at)).orderBy(asc(nextAt), asc(id)).limit(limit)
  const taken = yield* rows(
    db
      .update(webhookDeliveries)
      .set({ nextAt: at + leaseMs, attempts: sql`${attempts} + 1` })
      .where(inArray(id, due))
      .returning(),
  )
  return taken.sort((one, other) => one.id - other.id)
}

/** WebhookStore.settle. */
export function* settleDelivery(
  { db, tables: { webhookDeliveries } }: Context,
  id: number,
  attempt: number,
  { state, status, error, durationMs, nextAt, at }: DeliveryResult,
): Work<boolean> {
  const isPending = state === "pending"
  const mine = and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.attempts, attempt), eq(webhookDeliveries.state, "pending"))
  const settled = yield* rows(
    db
      .update(webhookDeliveries)
      .set({ state, status, error, durationMs, nextAt: isPending ? (nextAt ?? at) : null, endedAt: isPending ? null : at })
      .where(mine)
      .returning({ id: webhookDeliveries.id }),
  )
  return settled.length > 0
}
