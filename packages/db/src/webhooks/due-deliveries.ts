import { and, eq, lte, sql } from "drizzle-orm"
import { type Context, rows, run, type Work } from "../engine/engine.ts"
import { waitTurn } from "../engine/wait-turn.ts"
import type { DeliveryRow } from "./webhook-row.ts"
import type { DeliveryResult } from "./webhook-store.ts"

/** WebhookStore.nextDue. One look-up by index for each webhook, however many deliveries wait. */
export function* nextDue({ db, tables: { webhooks } }: Context): Work<number | undefined> {
  const waiting = sql`(select min(next_at) from webhook_deliveries where webhook_id = webhooks.id and next_at is not null)`
  const found = yield* rows(db.select({ freeAt: webhooks.freeAt, nextAt: waiting.mapWith(Number) }).from(webhooks))
  const times = found.flatMap(({ freeAt, nextAt }) => (nextAt === null ? [] : [Math.max(nextAt, freeAt)]))
  return times.length === 0 ? undefined : Math.min(...times)
}

/** WebhookStore.claim. */
export function* claimDue(
  context: Context,
  { at, leaseMs, limit }: { readonly at: number; readonly leaseMs: number; readonly limit: number },
): Work<readonly DeliveryRow[]> {
  const { db, tables } = context
  const { webhooks, webhookDeliveries } = tables
  const { id, attempts } = webhookDeliveries
  // Claims follow each other: none finds what another has just taken.
  yield* waitTurn(context, "webhooks")
  const due = yield* dueOfEach(context, at)
  const claimed: DeliveryRow[] = []
  for (const each of due.slice(0, limit)) {
    // It stays due: its webhook is what is leased, and when nobody settles it, it still comes before those behind it.
    const set = { attempts: sql`${attempts} + 1` }
    claimed.push(...(yield* rows(db.update(webhookDeliveries).set(set).where(eq(id, each)).returning())))
  }
  for (const { webhookId } of claimed) {
    yield* run(
      db
        .update(webhooks)
        .set({ freeAt: at + leaseMs })
        .where(eq(webhooks.id, webhookId)),
    )
  }
  return claimed
}

/**
 * Of each webhook that may be sent something, the delivery that has waited longest; those webhooks first that could have been sent one for the longest
 * time: what piles up for receivers that do not answer never keeps others from being told.
 */
function* dueOfEach({ db, tables: { webhooks } }: Context, at: number): Work<readonly number[]> {
  const first = sql`(
    select id from webhook_deliveries where webhook_id = webhooks.id and next_at <= ${at} order by next_at, id limit 1
  )`
  const dueAt = sql`(select min(next_at) from webhook_deliveries where webhook_id = webhooks.id and next_at <= ${at})`
  const found = yield* rows(
    db
      .select({ id: first.mapWith(Number), dueAt: dueAt.mapWith(Number), freeAt: webhooks.freeAt })
      .from(webhooks)
      .where(lte(webhooks.freeAt, at)),
  )
  return found
    .filter(({ id }) => id !== null)
    .map(({ id, dueAt, freeAt }) => ({ id, readyAt: Math.max(dueAt, freeAt) }))
    .sort((one, other) => one.readyAt - other.readyAt || one.id - other.id)
    .map(({ id }) => id)
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
