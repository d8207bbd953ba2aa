import { bigint, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core"

/** What is counted apart: everything of one owner, or what had to do with one registry. Owner 0 stands for all of them. */
export const meters = pgTable(
  "meters",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    ownerId: bigint("owner_id", { mode: "number" }).notNull(),
    /** `all`, `source`, `target`. */
    side: text("side").notNull(),
    /** Empty for `all`. */
    host: text("host").notNull(),
  },
  (table) => [uniqueIndex("meters_place").on(table.ownerId, table.side, table.host)],
)

/** How far a meter had come at the end of an hour in which something was counted: what happened between two hours is a difference. */
export const meterReadings = pgTable(
  "meter_readings",
  {
    meterId: bigint("meter_id", { mode: "number" })
      .notNull()
      .references(() => meters.id, { onDelete: "cascade" }),
    /** Hours since 1970. */
    hour: bigint("hour", { mode: "number" }).notNull(),
    succeeded: bigint("succeeded", { mode: "number" }).notNull(),
    unchanged: bigint("unchanged", { mode: "number" }).notNull(),
    failed: bigint("failed", { mode: "number" }).notNull(),
    cancelled: bigint("cancelled", { mode: "number" }).notNull(),
    bytesSent: bigint("bytes_sent", { mode: "number" }).notNull(),
    bytesSkipped: bigint("bytes_skipped", { mode: "number" }).notNull(),
    /** Of jobs that sent bytes. */
    copyMs: bigint("copy_ms", { mode: "number" }).notNull(),
    copyBytes: bigint("copy_bytes", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.meterId, table.hour] })],
)
