import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"

export const schedules = sqliteTable(
  "schedules",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    ownerId: integer("owner_id").notNull(),
    name: text("name").notNull(),
    cron: text("cron").notNull(),
    timeZone: text("time_zone").notNull(),
    request: text("request").notNull(),
    targetId: integer("target_id"),
    enabled: integer("enabled", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [index("schedules_owner").on(table.ownerId)],
)

/** One row for each time that a schedule fired: its key is what only one of two schedulers can insert (fault 38). */
export const scheduleTicks = sqliteTable(
  "schedule_ticks",
  {
    scheduleId: integer("schedule_id")
      .notNull()
      .references(() => schedules.id, { onDelete: "cascade" }),
    tickAt: integer("tick_at").notNull(),
    jobId: integer("job_id"),
  },
  (table) => [primaryKey({ columns: [table.scheduleId, table.tickAt] })],
)
