"use client"

import type { Job, JobState } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { JobFailure } from "./job-failure.tsx"
import { JobResult } from "./job-result.tsx"
import { JobWaiting } from "./job-waiting.tsx"
import { type LoginSide, RetryForm } from "./retry-form.tsx"
import type { JobActions } from "./use-job-actions.ts"
import type { WatchedJob } from "./watched-job.ts"

interface JobEndProps {
  readonly job: Job
  readonly state: JobState
  readonly watched: WatchedJob
  readonly actions: JobActions
  /** Ends whose login a person is asked for. */
  readonly sides: readonly LoginSide[]
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number
}

/** How a job ended, or what it waits for, with the login that would help. */
export function JobEnd({ job, state, watched, actions, sides, now }: JobEndProps) {
  const say = useTranslations("job")
  const { outcome } = watched.progress
  const { retry, cancel } = actions
  const failure = outcome?.error ?? job.failure
  const form = sides.length > 0 && (
    <RetryForm
      sides={sides}
      action={say(state === "waiting" ? "login.goOn" : "failure.again")}
      busy={retry.isPending}
      onRetry={retry.run}
    />
  )
  const refused = retry.error ?? cancel.error
  const problem = refused && <Problem error={refused} />
  if (state === "succeeded") {
    return <JobResult job={job} digest={outcome?.digest ?? job.digest ?? undefined} totals={outcome?.totals ?? job.totals} />
  }
  if (state === "waiting") {
    const { waitReason = job.waitReason, waitUntil = job.waitUntil } = watched.standing ?? {}
    return (
      <>
        <JobWaiting reason={waitReason} until={waitUntil} now={now}>
          {waitReason === "rate_limit" && actions.may.retry && (
            <Button
              variant="outline"
              size="small"
              disabled={retry.isPending}
              aria-busy={retry.isPending}
              onClick={() => retry.run()}
            >
              {say("wait.now")}
            </Button>
          )}
        </JobWaiting>
        {form}
        {problem}
      </>
    )
  }
  if (state === "failed" && failure) {
    return (
      <>
        <JobFailure failure={failure} />
        {form}
        {problem}
      </>
    )
  }
  return problem
}
