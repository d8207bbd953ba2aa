import type { TransferFailure, TransferTotals } from "@entrepot/core"
import type { Context, Work } from "../engine/engine.ts"
import { countChildren } from "../jobs/count-children.ts"
import type { JobRow } from "../jobs/job-row.ts"
import { insertDeliveries, listeners } from "./insert-deliveries.ts"
import type { JobFacts } from "./webhook-store.ts"

const eventOf = { succeeded: "job.succeeded", failed: "job.failed" } as const

/** Writes what webhooks are to be told of jobs that have just ended. Batches speak for their children, and nobody is told what he cancelled. */
export function* tellEnds(context: Context, ended: readonly JobRow[], at: number): Work<void> {
  const told = ended.flatMap((job) => {
    const { parentId, state } = job
    return parentId === null && (state === "succeeded" || state === "failed") ? [{ job, event: eventOf[state] }] : []
  })
  if (told.length === 0) return
  const all = yield* listeners(context)
  for (const { job, event } of told) {
    const wanting = all.filter(({ events }) => events.includes(event))
    if (wanting.length === 0) continue
    const facts = JSON.stringify(yield* factsOf(context, job))
    yield* insertDeliveries(
      context,
      wanting.map(({ id }) => ({ webhookId: id, event, subject: null, facts })),
      at,
    )
  }
}

function* factsOf(context: Context, job: JobRow): Work<JobFacts> {
  const totals = job.totals === null ? null : (JSON.parse(job.totals) as TransferTotals)
  const failure = job.failure === null ? null : (JSON.parse(job.failure) as TransferFailure)
  const { source, target, digest, unchanged, startedAt, endedAt } = job
  return {
    jobId: job.id,
    kind: job.kind,
    ...{ source, target, digest, unchanged },
    bytesSent: totals?.bytesSent ?? 0,
    durationMs: startedAt === null || endedAt === null ? 0 : Math.max(endedAt - startedAt, 0),
    error: failure && { code: failure.code, message: failure.message },
    jobs: job.kind === "batch" ? yield* endsOf(context, job) : null,
  }
}

function* endsOf(context: Context, { id }: JobRow): Work<JobFacts["jobs"]> {
  const { succeeded, failed, cancelled } = yield* countChildren(context, id)
  return { succeeded, failed, cancelled }
}
