import { sql } from "drizzle-orm"
import { bigint, boolean, index, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core"

/** Who is told what happened. */
export const webhooks = pgTable(
  "webhooks",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    name: text("name").notNull(),
    format: text("format").notNull(),
    host: text("host").notNull(),
    sealed: text("sealed").notNull(),
    /** JSON, an array of events. */
    events: text("events").notNull(),
    enabled: boolean("enabled").notNull(),
    locale: text("locale").notNull(),
    version: bigint("version", { mode: "number" }).notNull(),
    /** Nothing is claimed for it before: a message is under way, or it wants a pause. */
    freeAt: bigint("free_at", { mode: "number" }).notNull().default(0),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    updatedAt: bigint("updated_at", { mode: "number" }).notNull(),
  },
  (table) => [uniqueIndex("webhooks_name").on(table.name)],
)

/** What they are told, until a while after they were. */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    webhookId: bigint("webhook_id", { mode: "number" })
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    event: text("event").notNull(),
    /** What it is about, where the same may not be told again for a while. */
    subject: text("subject"),
    /** JSON. */
    facts: text("facts").notNull(),
    state: text("state").notNull(),
    attempts: bigint("attempts", { mode: "number" }).notNull(),
    nextAt: bigint("next_at", { mode: "number" }),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    endedAt: bigint("ended_at", { mode: "number" }),
    status: bigint("status", { mode: "number" }),
    error: text("error"),
    durationMs: bigint("duration_ms", { mode: "number" }),
  },
  (table) => [
    index("webhook_deliveries_webhook").on(table.webhookId, table.id),
    index("webhook_deliveries_due").on(table.webhookId, table.nextAt, table.id).where(sql`next_at is not null`),
    index("webhook_deliveries_ended").on(table.endedAt).where(sql`ended_at is not null`),
    index("webhook_deliveries_subject").on(table.subject, table.createdAt).where(sql`subject is not null`),
  ],
)
