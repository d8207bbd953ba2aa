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
          className="scroll-mt-12 truncate py-0.5 font-mono text-sm font-medium hover:underline"
        >
          {job.source}
        </Link>
      </p>
      {job.target === "" ? (
        <p className="text-xs text-muted-foreground">{say("batch")}</p>
      ) : (
        <p className="truncate font-mono text-xs text-muted-foreground" title={job.target}>
          <span aria-hidden>→ </span>
          <span className="sr-only">{say("to")} </span>
          {job.target}
        </p>
      )}
    </div>
  )
})
