import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

/**
 * Requests to /v2. Each index that a filter uses has the time behind it, so that a page is read off its end; there are few, since every request pays for
 * each.
 */
export const accessLog = sqliteTable(
  "access_log",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    at: integer("at").notNull(),
    user: text("user_name").notNull(),
    address: text("address").notNull(),
    action: text("action").notNull(),
    method: text("method").notNull(),
    repository: text("repository").notNull(),
    reference: text("reference").notNull(),
    status: integer("status").notNull(),
    bytes: integer("bytes").notNull(),
    durationMs: integer("duration_ms").notNull(),
    cache: text("cache"),
    upstream: text("upstream"),
    userAgent: text("user_agent").notNull(),
  },
  (table) => [
    index("access_log_at").on(table.at),
    index("access_log_user").on(table.user, table.at),
    index("access_log_repository").on(table.repository, table.at),
  ],
)
