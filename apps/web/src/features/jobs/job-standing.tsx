"use client"

import type { Job } from "@entrepot/client"
import { describeError, describeErrorDetail } from "@entrepot/core/errors"
import { formatBytes } from "@entrepot/core/progress"
import { useQuery } from "@tanstack/react-query"
import { useLocale, useTranslations } from "next-intl"
import { formatTime } from "../../components/time/format-time.ts"
import { Progress } from "../../components/ui/progress.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { shareOf } from "./job-amounts.ts"
import { JobStateBadge } from "./job-state.tsx"

/** Where a job stands, and below it, in two lines at most, how far it is, what it waits for, or why it failed. */
export function JobStanding({ job }: { readonly job: Job }) {
  return (
    <div className="grid min-w-0 content-start gap-1">
      <JobStateBadge job={job} />
      <StandingLine job={job} />
    </div>
  )
}

function StandingLine({ job }: { readonly job: Job }) {
  const say = useTranslations("jobs")
  const locale = useLocale()
  if (job.kind === "batch") return <BatchLine job={job} />
  const share = shareOf(job)
  if (share !== undefined && job.progress !== null) {
    const values = { done: formatBytes(job.progress.bytesDone), total: formatBytes(job.progress.bytesTotal) }
    return <ShareLine job={job} done={job.progress.bytesDone} of={job.progress.bytesTotal} words={say("ofTotal", values)} />
  }
  if (job.state === "waiting") return <Line text={waitOf(job, say)} />
  if (job.failure !== null) {
    const detail = describeErrorDetail(job.failure, locale)
    const sentence = describeError(job.failure, locale)
    return <Line text={sentence} title={detail === undefined ? sentence : `${sentence} (${detail})`} tone="text-danger" />
  }
  return job.unchanged ? <Line text={say("unchanged")} /> : null
}

function waitOf({ waitReason, waitUntil }: Job, say: ReturnType<typeof useTranslations<"jobs">>): string {
  if (waitReason === "credentials") return say("waits.credentials")
  return waitUntil === null ? say("waits.soon") : say("waits.rate_limit", { time: formatTime(waitUntil).slice(11) })
}

/** How many of a batch's images are done. */
function BatchLine({ job }: { readonly job: Job }) {
  const say = useTranslations("jobs")
  const trpc = useTRPC()
  const { data } = useQuery(trpc.jobs.summary.queryOptions({ id: job.id }, { staleTime: Number.POSITIVE_INFINITY }))
  if (data === undefined) return <Line text={"\u00a0"} />
  const done = data.succeeded + data.failed + data.cancelled
  const total = done + data.queued + data.waiting + data.running
  const words = say("batchDone", { done, total })
  if (job.state === "running") return <ShareLine job={job} done={done} of={total} words={words} />
  return <Line text={data.failed === 0 ? words : `${words} · ${say("batchFailed", { failed: data.failed })}`} />
}

interface ShareLineProps {
  readonly job: Job
  readonly done: number
  readonly of: number
  readonly words: string
}

function ShareLine({ job, done, of, words }: ShareLineProps) {
  const say = useTranslations("jobs")
  return (
    <div className="flex items-center gap-2 text-xs text-muted-foreground tabular-nums">
      <Progress
        value={done}
        max={of}
        label={say("progress", { name: job.source })}
        valueText={words}
        className="h-1.5 min-w-12 flex-1"
      />
      <span className="w-9 text-right">{of > 0 ? Math.floor((done / of) * 100) : 0}%</span>
    </div>
  )
}

function Line({
  text,
  title = text,
  tone = "text-muted-foreground",
}: {
  readonly text: string
  readonly title?: string
  readonly tone?: string
}) {
  return (
    <p className={`line-clamp-2 text-xs leading-tight ${tone}`} title={title}>
      {text}
    </p>
  )
}
