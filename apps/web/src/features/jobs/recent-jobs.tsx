"use client"

import type { Job } from "@entrepot/client"
import { History, RotateCw } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { memo } from "react"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { PendingList } from "../../components/ui/pending-list.tsx"
import { useMe } from "../session/use-me.ts"
import { ActionProblem } from "./action-problem.tsx"
import { FailureLines } from "./failure-lines.tsx"
import { jobControls } from "./job-controls.ts"
import { JobStateBadge } from "./job-state.tsx"
import { JobTime } from "./job-time.tsx"
import { useJobList } from "./use-job-list.ts"
import { useListActions } from "./use-list-actions.ts"

const places = 10
const query = { limit: places }

/** Seed 0's history: the last ten jobs, failures with their cause, what to do about it, and a button to try again. */
export function RecentJobs() {
  const say = useTranslations("jobs")
  const { jobs, isPending, error, refetch } = useJobList(query)
  const actions = useListActions()
  const { me } = useMe()
  return (
    <Card aria-labelledby="recent-jobs">
      <CardHeader>
        <CardTitle id="recent-jobs">
          <History aria-hidden />
          {say("recent")}
        </CardTitle>
        <Link href="/jobs" className="text-sm text-primary underline underline-offset-4 hover:text-primary-hover">
          {say("all")}
        </Link>
      </CardHeader>
      <CardContent>
        {isPending ? (
          <PendingList count={places} className="h-24" lines={["h-4 w-48", "h-3.5 w-80", "h-5 w-56"]} />
        ) : jobs.length > 0 ? (
          <ol className="divide-y">
            {jobs.slice(0, places).map((job) => (
              <RecentJob
                key={job.id}
                job={job}
                canRetry={jobControls(job, me?.role).retry}
                busy={actions.isBusy(job)}
                onRetry={actions.retry}
              />
            ))}
          </ol>
        ) : error === undefined ? (
          <EmptyState icon={<History aria-hidden />} title={say("recentEmpty")}>
            {say("recentEmptyHint")}
          </EmptyState>
        ) : (
          <Problem error={error} onRetry={refetch} />
        )}
      </CardContent>
      <ActionProblem actions={actions} />
    </Card>
  )
}

interface RecentJobProps {
  readonly job: Job
  readonly canRetry: boolean
  readonly busy: boolean
  readonly onRetry: (job: Job) => void
}

const RecentJob = memo(function RecentJob({ job, canRetry, busy, onRetry }: RecentJobProps) {
  const say = useTranslations("jobs")
  return (
    <li className="flex min-h-24 flex-wrap items-start gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <div className="grid min-w-0 flex-1 basis-56 gap-1">
        <Link href={`/jobs/${job.id}`} className="w-fit max-w-full font-mono text-sm font-medium break-all hover:underline">
          {job.source}
        </Link>
        {job.target !== "" && (
          <p className="font-mono text-xs break-all text-muted-foreground">
            <span aria-hidden>→ </span>
            <span className="sr-only">{say("to")} </span>
            {job.target}
          </p>
        )}
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
          <JobStateBadge job={job} />
          {job.kind === "batch" && <span className="text-muted-foreground">{say("batch")}</span>}
          <JobTime at={job.endedAt ?? job.createdAt} className="text-muted-foreground tabular-nums" />
        </p>
        {job.failure !== null && <FailureLines failure={job.failure} />}
      </div>
      {canRetry && (
        <Button
          variant="outline"
          size="small"
          aria-label={say("retryJob", { name: job.source })}
          aria-busy={busy}
          disabled={busy}
          onClick={() => onRetry(job)}
        >
          <RotateCw aria-hidden />
          {say("retry")}
        </Button>
      )}
    </li>
  )
})
