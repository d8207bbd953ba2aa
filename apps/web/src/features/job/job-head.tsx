"use client"

import type { Job, JobState } from "@entrepot/client"
import { ArrowDown } from "lucide-react"
import Link from "next/link"
import { useFormatter, useTranslations } from "next-intl"
import { CopyButton } from "../../components/ui/copy-button.tsx"
import { JobButtons } from "./job-buttons.tsx"
import { JobStateBadge } from "./job-state-badge.tsx"
import type { JobActions } from "./use-job-actions.ts"

interface JobHeadProps {
  readonly job: Job
  readonly state: JobState
  readonly actions: JobActions
}

/** Which job this is: from where to where, how it stands, and what can be done with it. */
export function JobHead({ job, state, actions }: JobHeadProps) {
  const say = useTranslations("job")
  const format = useFormatter()
  const began = job.startedAt ?? job.createdAt
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted-foreground">
          <JobStateBadge state={state} unchanged={job.unchanged} />
          <Link href={`/jobs/${job.id}`} className="underline-offset-4 hover:underline">
            {say("number", { id: job.id })}
          </Link>
          {job.parentId !== null && (
            <Link href={`/jobs/${job.parentId}`} className="text-primary underline underline-offset-4">
              {say("ofBatch", { id: job.parentId })}
            </Link>
          )}
          {job.attempts > 1 && <span>{say("attempt", { attempt: job.attempts })}</span>}
          <time dateTime={new Date(began).toISOString()} className="tabular-nums">
            {format.dateTime(began, { dateStyle: "medium", timeStyle: "medium" })}
          </time>
        </div>
        <JobButtons job={job} state={state} actions={actions} />
      </div>
      <dl className="grid gap-1">
        <ImageName label={say("source")} name={job.source} copy={say("copySource")} />
        <div aria-hidden className="text-muted-foreground">
          <ArrowDown className="size-4" />
        </div>
        <ImageName label={say("target")} name={job.target} copy={say("copyTarget")} />
      </dl>
    </div>
  )
}

interface ImageNameProps {
  readonly label: string
  readonly name: string
  readonly copy: string
}

function ImageName({ label, name, copy }: ImageNameProps) {
  return (
    <div className="flex items-center gap-2">
      <dt className="sr-only">{label}</dt>
      <dd className="min-w-0 font-mono text-sm font-medium break-all">{name}</dd>
      <CopyButton text={name} label={copy} iconOnly />
    </div>
  )
}
