import { eq, sql } from "drizzle-orm"
import { type Context, row, type Work } from "../engine/engine.ts"

/**
 * The right to change jobs, for the length of a transaction: the row of the revision counter is locked first, so that changes follow each other, and
 * a higher revision is never seen before a lower one.
 */
export class QueueChange {
  readonly context: Context
  #next: number
  #end: number

  private constructor(context: Context, first: number) {
    this.context = context
    this.#next = first
    this.#end = first + 1
  }

  static *begin(context: Context): Work<QueueChange> {
    return new QueueChange(context, yield* take(context, 1))
  }

  /** The first of so many revisions in a row. */
  *revisions(count: number): Work<number> {
    this.context.announce()
    if (this.#end - this.#next < count) {
      this.#next = yield* take(this.context, count)
      this.#end = this.#next + count
    }
    const first = this.#next
    this.#next += count
    return first
  }
}

function* take({ db, tables: { counters } }: Context, count: number): Work<number> {
  const counter = yield* row(
    db
      .update(counters)
      .set({ value: sql`${counters.value} + ${count}` })
      .where(eq(counters.name, "revision"))
      .returning({ value: counters.value }),
  )
  if (!counter) throw new Error("the database has lost its revision counter")
  return counter.value - count + 1
}
