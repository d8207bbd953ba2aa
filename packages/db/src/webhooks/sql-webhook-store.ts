import { and, asc, desc, eq, inArray, lt, ne } from "drizzle-orm"
import { NameTaken } from "../accounts/account-stores.ts"
import { type Engine, row, rows, run, type Work } from "../engine/engine.ts"
import { QueueChange } from "../jobs/queue-change.ts"
import { claimDue, nextDue, settleDelivery } from "./due-deliveries.ts"
import { insertDeliveries, lastTold, listeners, toldSince } from "./insert-deliveries.ts"
import { type DeliveryRow, toDelivery, toWebhook, type WebhookRow, webhookColumns } from "./webhook-row.ts"
import type { Delivery, DeliveryResult, WebhookEvent, WebhookRecord, WebhookStore } from "./webhook-store.ts"

type NewWebhook = Omit<WebhookRecord, "id" | "createdAt" | "updatedAt">

/** Webhooks and their deliveries over either dialect. */
export class SqlWebhookStore implements WebhookStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async create(webhook: NewWebhook, at: number): Promise<WebhookRecord> {
    const values = { ...webhookColumns(webhook), createdAt: at, updatedAt: at }
    const created = await this.#engine.write(({ db, tables: { webhooks } }) =>
      row(db.insert(webhooks).values(values).onConflictDoNothing().returning()),
    )
    if (!created) throw taken(webhook.name)
    return toWebhook(created)
  }

  async get(id: number): Promise<WebhookRecord | undefined> {
    const found = await this.#engine.read(({ db, tables: { webhooks } }) =>
      row(db.select().from(webhooks).where(eq(webhooks.id, id))),
    )
    return found && toWebhook(found)
  }

  async list(): Promise<readonly WebhookRecord[]> {
    const found = await this.#engine.read(({ db, tables: { webhooks } }) =>
      rows(db.select().from(webhooks).orderBy(asc(webhooks.name))),
    )
    return found.map(toWebhook)
  }

  async update(id: number, changes: Partial<NewWebhook>, at: number): Promise<WebhookRecord | undefined> {
    const updated = await this.#engine.write(function* ({ db, tables: { webhooks } }): Work<WebhookRow | undefined> {
      const before = yield* row(db.select().from(webhooks).where(eq(webhooks.id, id)))
      if (!before) return undefined
      const after = webhookColumns({ ...toWebhook(before), ...changes })
      const other = yield* row(
        db
          .select({ id: webhooks.id })
          .from(webhooks)
          .where(and(eq(webhooks.name, after.name), ne(webhooks.id, id))),
      )
      if (other) throw taken(after.name)
      return yield* row(
        db
          .update(webhooks)
          .set({ ...after, updatedAt: at })
          .where(eq(webhooks.id, id))
          .returning(),
      )
    })
    return updated && toWebhook(updated)
  }

  remove(id: number): Promise<boolean> {
    return this.#engine.write(function* (context) {
      const { db, tables } = context
      const { webhooks, webhookDeliveries } = tables
      // Nobody writes it a delivery meanwhile: a job's end would fail for one that is gone.
      yield* QueueChange.begin(context)
      // Deliveries first: whoever claims or settles one takes them in this order, too.
      yield* run(db.delete(webhookDeliveries).where(eq(webhookDeliveries.webhookId, id)))
      const removed = yield* rows(db.delete(webhooks).where(eq(webhooks.id, id)).returning({ id: webhooks.id }))
      return removed.length > 0
    })
  }

  tell(
    event: WebhookEvent,
    { subject, facts, quietSince, after }: Parameters<WebhookStore["tell"]>[1],
    at: number,
  ): Promise<number> {
    return this.#engine.write(function* (context) {
      yield* QueueChange.begin(context)
      const wanting = (yield* listeners(context)).filter(({ events }) => events.includes(event))
      const told = quietSince === undefined ? new Set<number>() : yield* toldSince(context, event, subject, quietSince)
      const only = after === undefined ? undefined : yield* lastTold(context, after, subject)
      const deliveries = wanting
        .filter(({ id }) => !told.has(id) && only?.has(id) !== false)
        .map(({ id }) => ({ webhookId: id, event, subject, facts }))
      yield* insertDeliveries(context, deliveries, at)
      return deliveries.length
    })
  }

  async tellOne(webhookId: number, event: Delivery["event"], facts: string, at: number): Promise<Delivery | undefined> {
    const told = await this.#engine.write(function* (context): Work<DeliveryRow | undefined> {
      const { db, tables } = context
      const { webhooks, webhookDeliveries } = tables
      yield* QueueChange.begin(context)
      const webhook = yield* row(db.select({ id: webhooks.id }).from(webhooks).where(eq(webhooks.id, webhookId)))
      if (!webhook) return undefined
      yield* insertDeliveries(context, [{ webhookId, event, subject: null, facts }], at)
      return yield* row(
        db
          .select()
          .from(webhookDeliveries)
          .where(eq(webhookDeliveries.webhookId, webhookId))
          .orderBy(desc(webhookDeliveries.id))
          .limit(1),
      )
    })
    return told && toDelivery(told)
  }

  async claim(at: number, leaseMs: number, limit: number): Promise<readonly Delivery[]> {
    const next = await this.nextDue()
    if (next === undefined || next > at) return []
    const claimed = await this.#engine.write((context) => claimDue(context, { at, leaseMs, limit }))
    return claimed.map(toDelivery)
  }

  nextDue(): Promise<number | undefined> {
    return this.#engine.read(nextDue)
  }

  settle(id: number, attempt: number, result: DeliveryResult): Promise<boolean> {
    return this.#engine.write((context) => settleDelivery(context, id, attempt, result))
  }

  async again(id: number, at: number): Promise<Delivery | undefined> {
    const found = await this.#engine.write(function* (context): Work<DeliveryRow | undefined> {
      const { db, tables } = context
      const { webhookDeliveries } = tables
      const ended = and(eq(webhookDeliveries.id, id), ne(webhookDeliveries.state, "pending"))
      yield* run(
        db
          .update(webhookDeliveries)
          .set({ ...fresh, nextAt: at })
          .where(ended),
      )
      context.announce()
      return yield* row(db.select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id)))
    })
    return found && toDelivery(found)
  }

  async delivery(id: number): Promise<Delivery | undefined> {
    const found = await this.#engine.read(({ db, tables: { webhookDeliveries } }) =>
      row(db.select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id))),
    )
    return found && toDelivery(found)
  }

  async deliveries(query: {
    readonly webhookId?: number | undefined
    readonly before?: number | undefined
    readonly limit: number
  }): Promise<readonly Delivery[]> {
    const { webhookId, before, limit } = query
    const found = await this.#engine.read(({ db, tables: { webhookDeliveries } }) => {
      const where = and(
        webhookId === undefined ? undefined : eq(webhookDeliveries.webhookId, webhookId),
        before === undefined ? undefined : lt(webhookDeliveries.id, before),
      )
      return rows(db.select().from(webhookDeliveries).where(where).orderBy(desc(webhookDeliveries.id)).limit(limit))
    })
    return found.map(toDelivery)
  }

  prune(before: number, limit: number): Promise<number> {
    return this.#engine.write(function* ({ db, tables: { webhookDeliveries } }) {
      const { id, endedAt } = webhookDeliveries
      const old = db.select({ id }).from(webhookDeliveries).where(lt(endedAt, before)).orderBy(asc(endedAt)).limit(limit)
      const removed = yield* rows(db.delete(webhookDeliveries).where(inArray(id, old)).returning({ id }))
      return removed.length
    })
  }
}

/** What a delivery has before it was tried. */
const fresh = { state: "pending", attempts: 0, endedAt: null, status: null, error: null, durationMs: null } as const

function taken(name: string): NameTaken {
  return new NameTaken(`there is a webhook "${name}" already`)
}
