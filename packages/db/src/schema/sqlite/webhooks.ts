import { sql } from "drizzle-orm"
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"

/** Who is told what happened. */
export const webhooks = sqliteTable(
  "webhooks",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
    format: text("format").notNull(),
    host: text("host").notNull(),
    sealed: text("sealed").notNull(),
    /** JSON, an array of events. */
    events: text("events").notNull(),
    enabled: integer("enabled", { mode: "boolean" }).notNull(),
    locale: text("locale").notNull(),
    version: integer("version").notNull(),
    /** Nothing is claimed for it before: a message is under way, or it wants a pause. */
    freeAt: integer("free_at").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [uniqueIndex("webhooks_name").on(table.name)],
)

/** What they are told, until a while after they were. */
export const webhookDeliveries = sqliteTable(
  "webhook_deliveries",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    webhookId: integer("webhook_id")
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    event: text("event").notNull(),
    /** What it is about, where the same may not be told again for a while. */
    subject: text("subject"),
    /** JSON. */
    facts: text("facts").notNull(),
    state: text("state").notNull(),
    attempts: integer("attempts").notNull(),
    nextAt: integer("next_at"),
    createdAt: integer("created_at").notNull(),
    endedAt: integer("ended_at"),
    status: integer("status"),
    error: text("error"),
    durationMs: integer("duration_ms"),
  },
  (table) => [
    index("webhook_deliveries_webhook").on(table.webhookId, table.id),
    index("webhook_deliveries_due").on(table.webhookId, table.nextAt, table.id).where(sql`next_at is not null`),
    index("webhook_deliveries_ended").on(table.endedAt).where(sql`ended_at is not null`),
    index("webhook_deliveries_subject").on(table.subject, table.createdAt).where(sql`subject is not null`),
  ],
)
