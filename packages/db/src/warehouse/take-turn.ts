import { eq, sql } from "drizzle-orm"
import { type Context, run, type Work } from "../engine/engine.ts"

/**
 * The right to change what hangs together in the warehouse, for the length of a transaction: in PostgreSQL these changes follow each other as they do
 * in SQLite, so that what was looked up still holds when it is acted upon. What concerns one row alone needs no turn.
 */
export function* takeTurn({ db, tables: { counters } }: Context): Work<void> {
  yield* run(
    db
      .update(counters)
      .set({ value: sql`${counters.value} + 1` })
      .where(eq(counters.name, "warehouse")),
  )
}
