import { count, eq } from "drizzle-orm"
import { type Context, rows, type Work } from "../engine/engine.ts"
import type { BatchSummary } from "./job.ts"
import { summaryOf } from "./summary-of.ts"

/** How many of a batch's jobs are in which state. */
export function* countChildren({ db, tables: { jobs } }: Context, batchId: number): Work<BatchSummary> {
  return summaryOf(
    yield* rows(
      db.select({ state: jobs.state, count: count() }).from(jobs).where(eq(jobs.parentId, batchId)).groupBy(jobs.state),
    ),
  )
}
