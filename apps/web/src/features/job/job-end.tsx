"use client"

import type { Job, JobState } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { JobFailure } from "./job-failure.tsx"
import { JobResult } from "./job-result.tsx"
import { JobWaiting } from "./job-waiting.tsx"
import { loginSidesOf } from "./login-sides.ts"
import { RetryForm } from "./retry-form.tsx"
import type { JobActions } from "./use-job-actions.ts"
import type { WatchedJob } from "./watched-job.ts"

interface JobEndProps {
  readonly job: Job
  readonly state: JobState
  readonly watched: WatchedJob
  readonly actions: JobActions
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number
}

/** How a job ended, or what it waits for, with the login that would help. */
export function JobEnd({ job, state, watched, actions, now }: JobEndProps) {
  const say = useTranslations("job")
  const { outcome } = watched.progress
  const { retry, mayChange } = actions
  const failure = outcome?.error ?? job.failure
  const sides = mayChange ? loginSidesOf(job, state, failure) : []
  const form = sides.length > 0 && (
    <RetryForm
      sides={sides}
      action={say(state === "waiting" ? "login.goOn" : "failure.again")}
      busy={retry.isPending}
      onRetry={retry.run}
    />
  )
  const problem = retry.error ? <Problem error={retry.error} /> : null
  if (state === "succeeded") {
    return <JobResult job={job} digest={outcome?.digest ?? job.digest ?? undefined} totals={outcome?.totals ?? job.totals} />
  }
  if (state === "waiting") {
    const { waitReason = job.waitReason, waitUntil = job.waitUntil } = watched.standing ?? {}
    return (
      <JobWaiting reason={waitReason} until={waitUntil} now={now}>
        {form}
        {problem}
      </JobWaiting>
    )
  }
  if (state === "failed" && failure) {
    return (
      <JobFailure failure={failure}>
        {form}
        {problem}
      </JobFailure>
    )
  }
  return problem
}
