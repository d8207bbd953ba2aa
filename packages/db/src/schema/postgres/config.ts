import { bigint, pgTable, text } from "drizzle-orm/pg-core"

/** Settings that change while the application runs: seed 0's table. */
export const config = pgTable("config", {
  key: text("key").primaryKey(),
  value: text("value").notNull(),
  updatedAt: bigint("updated_at", { mode: "number" }).notNull(),
})

/** Numbers that only grow. `revision`: every change of a job takes the next one, under the row's lock. */
export const counters = pgTable("counters", {
  name: text("name").primaryKey(),
  value: bigint("value", { mode: "number" }).notNull(),
})
