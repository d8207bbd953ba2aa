import { eq, sql } from "drizzle-orm"
import { type Context, run, type Work } from "./engine.ts"

/** Whatever is done in turn, by the name of the counter whose row is locked. */
export type Turn = "warehouse" | "webhooks" | "access log"

/** From here to their end transactions of that name follow each other in PostgreSQL, too, and each sees what the one before has done. */
export function* waitTurn({ db, tables: { counters } }: Context, turn: Turn): Work<void> {
  yield* run(
    db
      .update(counters)
      .set({ value: sql`${counters.value} + 1` })
      .where(eq(counters.name, turn)),
  )
}
