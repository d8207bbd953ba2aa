"use client"

import type { Job, JobState } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { useEffect } from "react"
import { Problem } from "../../components/problem.tsx"
import { Card, CardContent } from "../../components/ui/card.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { useJobList } from "../jobs/use-job-list.ts"
import { BatchBar } from "./batch-bar.tsx"
import { BatchJobs } from "./batch-jobs.tsx"
import { batchLoginSides } from "./batch-login-sides.ts"
import { JobHead } from "./job-head.tsx"
import { RetryForm } from "./retry-form.tsx"
import { useJobActions } from "./use-job-actions.ts"

interface BatchPanelProps {
  readonly job: Job
  readonly state: JobState
}

/** A batch: how many of its jobs are where, and each of them, live. */
export function BatchPanel({ job, state }: BatchPanelProps) {
  const say = useTranslations("job")
  const trpc = useTRPC()
  const actions = useJobActions(job, state)
  const { data: summary, error } = useQuery(trpc.jobs.summary.queryOptions({ id: job.id }))
  const {
    jobs,
    isPending,
    error: listError,
    refetch,
    hasNextPage,
    isFetchingNextPage,
    fetchNextPage,
  } = useJobList({
    parentId: job.id,
    limit: 200,
  })

  // A batch has a thousand jobs at most, and is read from its first one on.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && listError === undefined) fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, listError, fetchNextPage])

  const sides = actions.mayChange && !hasNextPage ? batchLoginSides(jobs) : []
  const batch = {
    jobs: summary === undefined ? 0 : Object.values(summary).reduce((sum, count) => sum + count, 0),
    retryable: summary === undefined ? 0 : summary.failed + summary.cancelled,
  }
  const problem = error ?? listError ?? actions.retry.error ?? actions.cancel.error
  return (
    <Card aria-label={say("number", { id: job.id })}>
      <CardContent className="space-y-6">
        <JobHead job={job} state={state} actions={actions} batch={batch} asksLogin={sides.length > 0} />
        {summary === undefined ? <Skeleton className="h-16" /> : <BatchBar summary={summary} />}
        {problem && <Problem error={problem} onRetry={problem === listError ? refetch : undefined} />}
        {sides.length > 0 && (
          <div className="space-y-2">
            <p className="text-sm">{say("batchLogin")}</p>
            <RetryForm sides={sides} action={say("failure.again")} busy={actions.retry.isPending} onRetry={actions.retry.run} />
          </div>
        )}
        {isPending || hasNextPage ? <Skeleton className="h-96" /> : <BatchJobs jobs={jobs} />}
      </CardContent>
    </Card>
  )
}
