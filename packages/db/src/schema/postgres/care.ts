import { bigint, pgTable, text } from "drizzle-orm/pg-core"

/** Looks after the warehouse: garbage collection, eviction, scrubbing. */
export const careRuns = pgTable("care_runs", {
  id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
  kind: text("kind").notNull(),
  by: text("started_by").notNull(),
  startedAt: bigint("started_at", { mode: "number" }).notNull(),
  endedAt: bigint("ended_at", { mode: "number" }),
  /** JSON. */
  findings: text("findings").notNull(),
  error: text("error"),
})
