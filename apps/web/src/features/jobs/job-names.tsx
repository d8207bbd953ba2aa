"use client"

import type { Job } from "@entrepot/client"
import { Layers } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { memo } from "react"

/** What is copied, which leads to the job, and whereto: a line each, cut where there is no room. */
export const JobNames = memo(function JobNames({
  job,
}: {
  readonly job: Pick<Job, "id" | "kind" | "source" | "target" | "parentId">
}) {
  const say = useTranslations("jobs")
  return (
    <div className="min-w-0">
      <p className="flex min-w-0 items-center gap-1.5">
        {job.kind === "batch" && (
          <>
            <Layers aria-hidden className="size-4 shrink-0 text-primary" />
            <span className="sr-only">{say("batch")}</span>
          </>
        )}
        <Link
          href={`/jobs/${job.id}`}
          prefetch={false}
          title={job.source}
          aria-label={job.source}
          className="flex min-w-0 scroll-mt-12 py-0.5 font-mono text-sm font-medium hover:underline"
        >
          {job.kind === "batch" ? <span className="truncate">{job.source}</span> : <CutName name={job.source} />}
        </Link>
      </p>
      {job.target === "" ? (
        <p className="text-xs text-muted-foreground">{say("batch")}</p>
      ) : (
        <p className="flex min-w-0 font-mono text-xs text-muted-foreground" title={job.target}>
          <span aria-hidden className="whitespace-pre">
            {"→ "}
          </span>
          <span className="sr-only">{say("to")} </span>
          <CutName name={job.target} />
        </p>
      )}
    </div>
  )
})

/** Where there is no room, a name loses of its registry first: its end is what tells it from others. */
function CutName({ name }: { readonly name: string }) {
  const end = name.lastIndexOf("/") + 1
  if (end === 0) return <span className="min-w-0 truncate">{name}</span>
  return (
    <>
      <span className="min-w-0 truncate">{name.slice(0, end)}</span>
      <span className="max-w-[calc(100%-1.5rem)] shrink-0 truncate">{name.slice(end)}</span>
    </>
  )
}
