import type { TransferFailure } from "@entrepot/core"
import { and, eq, inArray } from "drizzle-orm"
import { type Context, rows, run, type Work } from "../engine/engine.ts"
import { type JobColumns, moveJobs } from "./change-jobs.ts"
import type { JobState } from "./job.ts"
import type { JobRow } from "./job-row.ts"
import { QueueChange } from "./queue-change.ts"
import { settleBatches } from "./settle-batches.ts"

const processGone: TransferFailure = { code: "cancelled", message: "the process that ran it has ended" }

/** What becomes of a job whose process is gone; each has its rule in `fateOf`. */
const fates = {
  cancelled: (at) => ({ state: "cancelled", endedAt: at, progress: null }),
  failed: (at) => ({
    state: "failed",
    endedAt: at,
    progress: null,
    failure: JSON.stringify(processGone),
    errorMessage: processGone.message,
  }),
  credentials: () => ({ state: "waiting", waitReason: "credentials", waitUntil: null }),
  queued: () => ({ state: "queued" }),
} as const satisfies Record<string, (at: number) => JobColumns & { readonly state: JobState }>

/** JobStore.bury, as one transaction. */
export function* buryRunner(context: Context, runnerId: string, at: number): Work<void> {
  const { db, tables } = context
  const { jobs, runners } = tables
  const change = yield* QueueChange.begin(context)
  const left = [
    ...(yield* rows(
      db
        .select()
        .from(jobs)
        .where(and(inArray(jobs.state, ["running"]), eq(jobs.runnerId, runnerId))),
    )),
    ...(yield* rows(
      db
        .select()
        .from(jobs)
        .where(and(eq(jobs.credentialsHolder, runnerId), inArray(jobs.state, ["queued", "waiting"]))),
    )),
  ]
  for (const fate of ["cancelled", "failed", "credentials", "queued"] as const) {
    const met = left.filter((job) => fateOf(job, runnerId) === fate)
    yield* moveJobs(change, met, at, { ...fates[fate](at), runnerId: null })
  }
  yield* run(db.update(jobs).set({ credentialsHolder: null }).where(eq(jobs.credentialsHolder, runnerId)))
  yield* run(db.delete(runners).where(eq(runners.id, runnerId)))
  yield* settleBatches(change, left, at)
}

function fateOf(job: JobRow, runnerId: string): keyof typeof fates | undefined {
  if (job.cancelRequested) return "cancelled"
  if (job.runner === "terminal") return "failed"
  if (job.credentialsHolder === runnerId) return job.waitReason === "credentials" ? undefined : "credentials"
  return "queued"
}
