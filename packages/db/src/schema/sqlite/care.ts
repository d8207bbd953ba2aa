import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

/** Looks after the warehouse: garbage collection, eviction, scrubbing. */
export const careRuns = sqliteTable("care_runs", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  kind: text("kind").notNull(),
  by: text("started_by").notNull(),
  startedAt: integer("started_at").notNull(),
  endedAt: integer("ended_at"),
  /** JSON. */
  findings: text("findings").notNull(),
  error: text("error"),
})
