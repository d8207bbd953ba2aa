"use client"

import type { Job, JobState } from "@entrepot/client"
import Link from "next/link"
import { usePathname } from "next/navigation"
import { useTranslations } from "next-intl"
import { memo } from "react"
import { CopyButton } from "../../components/ui/copy-button.tsx"
import { JobStateBadge } from "../jobs/job-state.tsx"
import { JobTime } from "../jobs/job-time.tsx"
import { JobButtons } from "./job-buttons.tsx"
import type { JobActions } from "./use-job-actions.ts"

interface JobHeadProps {
  readonly job: Job
  readonly state: JobState
  readonly actions: JobActions
  /** Of a batch: its jobs in all, and those that can be tried again. */
  readonly batch?: { readonly jobs: number; readonly retryable: number }
  /** A form below asks for a login. */
  readonly asksLogin: boolean
}

/** Which job this is: from where to where, how it stands, and what can be done with it. */
export const JobHead = memo(function JobHead({ job, state, actions, batch, asksLogin }: JobHeadProps) {
  const say = useTranslations("job")
  const path = usePathname()
  const address = `/jobs/${job.id}`
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted-foreground">
          <JobStateBadge job={{ ...job, state }} />
          {path !== address && (
            <Link href={address} className="text-primary underline underline-offset-4 hover:text-primary-hover">
              {say("number", { id: job.id })}
            </Link>
          )}
          {job.parentId !== null && (
            <Link href={`/jobs/${job.parentId}`} className="text-primary underline underline-offset-4 hover:text-primary-hover">
              {say("ofBatch", { id: job.parentId })}
            </Link>
          )}
          {job.kind === "mirror" && job.attempts > 1 && <span>{say("attempt", { attempt: job.attempts })}</span>}
          <JobTime at={job.startedAt ?? job.createdAt} className="tabular-nums" />
        </div>
        <JobButtons job={job} state={state} actions={actions} batch={batch} asksLogin={asksLogin} />
      </div>
      {job.kind === "batch" ? (
        <h2 className="font-medium break-words">{job.source}</h2>
      ) : (
        <dl className="grid gap-2 sm:grid-cols-[auto_1fr] sm:gap-x-4 sm:gap-y-1">
          <ImageName label={say("source")} name={job.source} copy={say("copySource")} />
          <ImageName label={say("target")} name={job.target} copy={say("copyTarget")} />
        </dl>
      )}
    </div>
  )
})

interface ImageNameProps {
  readonly label: string
  readonly name: string
  readonly copy: string
}

function ImageName({ label, name, copy }: ImageNameProps) {
  return (
    <div className="sm:col-span-2 sm:grid sm:grid-cols-subgrid sm:items-center">
      <dt className="text-sm text-muted-foreground">{label}</dt>
      <dd className="flex min-w-0 items-center gap-2">
        <span className="min-w-0 font-mono text-sm font-medium break-all">{name}</span>
        <CopyButton text={name} label={copy} iconOnly />
      </dd>
    </div>
  )
}
