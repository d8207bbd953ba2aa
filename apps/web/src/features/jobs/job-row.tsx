"use client"

import type { Job } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { memo } from "react"
import { formatTime } from "../../components/time/format-time.ts"
import { bytesOf } from "./job-amounts.ts"
import type { Role } from "./job-controls.ts"
import { JobDuration } from "./job-duration.tsx"
import { JobNames } from "./job-names.tsx"
import { JobStanding } from "./job-standing.tsx"
import { JobTime } from "./job-time.tsx"
import { type RowActions, RowButtons } from "./row-buttons.tsx"

/** Columns of the list; the same for its head. */
export const rowColumns = "grid grid-cols-[3.5rem_minmax(0,1fr)_11rem_4.5rem_4rem_5.5rem_4.5rem] items-center gap-x-3 px-4"

interface JobRowProps {
  readonly job: Job
  readonly role: Role | undefined
  readonly busy: boolean
  readonly actions: RowActions
}

/** A job as a row in columns; its height does not depend on what it says. */
export const JobRow = memo(function JobRow({ job, role, busy, actions }: JobRowProps) {
  const at = job.endedAt ?? job.createdAt
  const [day, time] = formatTime(at).split(" ")
  return (
    <div className={`${rowColumns} h-full text-sm`}>
      <JobNumber job={job} />
      <JobNames job={job} />
      <JobStanding job={job} />
      <SentBytes job={job} />
      <Took job={job} />
      <time dateTime={new Date(at).toISOString()} className="block tabular-nums">
        {time}
        <span className="block text-xs text-muted-foreground">{day}</span>
      </time>
      <RowButtons job={job} role={role} busy={busy} actions={actions} />
    </div>
  )
})

/** The same where there is no room for columns; as high for every job. */
export const JobCard = memo(function JobCard({ job, role, busy, actions }: JobRowProps) {
  return (
    <div className="grid h-full grid-rows-[auto_1fr_auto] gap-2 px-4 py-3 text-sm">
      <JobNames job={job} />
      <JobStanding job={job} />
      <div className="flex min-h-9 items-center justify-between gap-2 text-xs text-muted-foreground">
        <p className="flex min-w-0 flex-wrap gap-x-2 tabular-nums">
          <JobNumber job={job} />
          {bytesOf(job) !== undefined && <SentBytes job={job} />}
          {job.startedAt !== null && <Took job={job} />}
          <JobTime at={job.endedAt ?? job.createdAt} />
        </p>
        <RowButtons job={job} role={role} busy={busy} actions={actions} />
      </div>
    </div>
  )
})

function JobNumber({ job }: { readonly job: Pick<Job, "id" | "parentId"> }) {
  const say = useTranslations("jobs")
  return (
    <span className="text-muted-foreground tabular-nums">
      <span className="sr-only">{say("column.id")} </span>
      {job.id}
      {job.parentId !== null && (
        <Link
          href={`/jobs/${job.parentId}`}
          prefetch={false}
          title={say("partOfBatch", { id: job.parentId })}
          className="block py-0.5 text-xs hover:underline"
        >
          <span aria-hidden>↳ {job.parentId}</span>
          <span className="sr-only">{say("partOfBatch", { id: job.parentId })}</span>
        </Link>
      )}
    </span>
  )
}

function SentBytes({ job }: { readonly job: Job }) {
  const say = useTranslations("jobs.column")
  const bytes = bytesOf(job)
  return (
    <span className="tabular-nums">
      <span className="sr-only">{say("bytes")} </span>
      {bytes === undefined ? "–" : formatBytes(bytes)}
    </span>
  )
}

function Took({ job }: { readonly job: Job }) {
  const say = useTranslations("jobs.column")
  return (
    <span className="tabular-nums">
      <span className="sr-only">{say("duration")} </span>
      <JobDuration job={job} />
    </span>
  )
}
