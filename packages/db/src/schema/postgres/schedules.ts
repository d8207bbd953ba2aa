import { bigint, boolean, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core"

export const schedules = pgTable(
  "schedules",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    ownerId: bigint("owner_id", { mode: "number" }).notNull(),
    name: text("name").notNull(),
    cron: text("cron").notNull(),
    timeZone: text("time_zone").notNull(),
    request: text("request").notNull(),
    targetId: bigint("target_id", { mode: "number" }),
    enabled: boolean("enabled").notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    updatedAt: bigint("updated_at", { mode: "number" }).notNull(),
  },
  (table) => [index("schedules_owner").on(table.ownerId)],
)

/** One row for each time that a schedule fired: its key is what only one of two schedulers can insert (fault 38). */
export const scheduleTicks = pgTable(
  "schedule_ticks",
  {
    scheduleId: bigint("schedule_id", { mode: "number" })
      .notNull()
      .references(() => schedules.id, { onDelete: "cascade" }),
    tickAt: bigint("tick_at", { mode: "number" }).notNull(),
    jobId: bigint("job_id", { mode: "number" }),
  },
  (table) => [primaryKey({ columns: [table.scheduleId, table.tickAt] })],
)
