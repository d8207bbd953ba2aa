import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

/** Settings that change while the application runs: seed 0's table. */
export const config = sqliteTable("config", {
  key: text("key").primaryKey(),
  value: text("value").notNull(),
  updatedAt: integer("updated_at").notNull(),
})

/** Numbers that only grow. `revision`: every change of a job takes the next one, under the row's lock. */
export const counters = sqliteTable("counters", {
  name: text("name").primaryKey(),
  value: integer("value").notNull(),
})
