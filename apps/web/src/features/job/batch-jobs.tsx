"use client"

import type { Job } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { memo, useState } from "react"
import { Button } from "../../components/ui/button.tsx"
import { Progress } from "../../components/ui/progress.tsx"
import { FailureLines } from "../jobs/failure-lines.tsx"
import { JobStateBadge } from "../jobs/job-state.tsx"

/** Rows that are drawn without being asked for, and with each wish for more. */
const rowsAtOnce = 100

/** The jobs of a batch in the order of its list, each with the way to its own page. */
export function BatchJobs({ jobs }: { readonly jobs: readonly Job[] }) {
  const say = useTranslations("job")
  const [rows, setRows] = useState(rowsAtOnce)
  const hidden = jobs.length - rows
  return (
    <section aria-label={say("batchJobs")} className="space-y-2">
      <h2 className="text-sm font-medium">{say("batchJobs")}</h2>
      <ol className="divide-y">
        {jobs
          .toReversed()
          .slice(0, rows)
          .map((job) => (
            <BatchJob key={job.id} job={job} />
          ))}
      </ol>
      {hidden > 0 && (
        <Button variant="outline" size="small" onClick={() => setRows(rows + rowsAtOnce)}>
          {say("moreJobs", { count: Math.min(hidden, rowsAtOnce) })}
        </Button>
      )}
    </section>
  )
}

const BatchJob = memo(function BatchJob({ job }: { readonly job: Job }) {
  const say = useTranslations("job")
  const { progress, totals } = job
  const moves = job.state === "running" && progress !== null && progress.bytesTotal > 0
  const size = totals === null || totals.bytesSent === 0 ? undefined : formatBytes(totals.bytesSent)
  const amount = moves
    ? say("amount", { done: formatBytes(progress.bytesDone), total: formatBytes(progress.bytesTotal) })
    : job.state === "succeeded"
      ? (size ?? say("unchanged"))
      : undefined
  return (
    <li className="grid gap-1 py-3 sm:grid-cols-[1fr_auto] sm:gap-x-4">
      <div className="min-w-0">
        <Link href={`/jobs/${job.id}`} className="font-mono text-sm font-medium break-all hover:underline">
          {job.source}
        </Link>
        <p className="font-mono text-xs break-all text-muted-foreground">
          <span aria-hidden>→ </span>
          {job.target}
        </p>
        {job.state === "failed" && job.failure !== null && <FailureLines failure={job.failure} />}
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 sm:w-56 sm:flex-col sm:items-end sm:justify-center">
        <JobStateBadge job={job} />
        {amount !== undefined && <span className="text-xs text-muted-foreground tabular-nums">{amount}</span>}
        {moves && (
          <Progress
            value={progress.bytesDone}
            max={progress.bytesTotal}
            label={say("progress")}
            valueText={amount ?? ""}
            className="h-1.5"
          />
        )}
      </div>
    </li>
  )
})
