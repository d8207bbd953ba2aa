import { integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"

/** What is counted apart: everything of one owner, or what had to do with one registry. Owner 0 stands for all of them. */
export const meters = sqliteTable(
  "meters",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    ownerId: integer("owner_id").notNull(),
    /** `all`, `source`, `target`. */
    side: text("side").notNull(),
    /** Empty for `all`. */
    host: text("host").notNull(),
  },
  (table) => [uniqueIndex("meters_place").on(table.ownerId, table.side, table.host)],
)

/** How far a meter had come at the end of an hour in which something was counted: what happened between two hours is a difference. */
export const meterReadings = sqliteTable(
  "meter_readings",
  {
    meterId: integer("meter_id")
      .notNull()
      .references(() => meters.id, { onDelete: "cascade" }),
    /** Hours since 1970. */
    hour: integer("hour").notNull(),
    succeeded: integer("succeeded").notNull(),
    unchanged: integer("unchanged").notNull(),
    failed: integer("failed").notNull(),
    cancelled: integer("cancelled").notNull(),
    bytesSent: integer("bytes_sent").notNull(),
    bytesSkipped: integer("bytes_skipped").notNull(),
    /** Of jobs that sent bytes. */
    copyMs: integer("copy_ms").notNull(),
    copyBytes: integer("copy_bytes").notNull(),
  },
  (table) => [primaryKey({ columns: [table.meterId, table.hour] })],
)
