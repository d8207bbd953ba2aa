"use client"

import type { CareRun } from "@entrepot/client"
import { formatDuration } from "@entrepot/core/progress"
import { useTranslations } from "next-intl"
import { memo } from "react"
import { formatTime } from "../../components/time/format-time.ts"
import { Badge, type Tone } from "../../components/ui/badge.tsx"
import { type CareStanding, standingOf } from "./care-run.ts"
import { FindingList } from "./finding-list.tsx"

const tones: Readonly<Record<CareStanding, Tone>> = { running: "primary", done: "success", failed: "danger", lost: "warning" }

/** One run: what it was, when, for whom, and what it found. */
export const CareRunRow = memo(function CareRunRow({ run }: { readonly run: CareRun }) {
  const say = useTranslations("cache")
  const standing = standingOf(run)
  return (
    <li className="space-y-1.5 px-4 py-3 text-sm sm:px-6">
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="font-medium">{say(`kinds.${run.kind}.title`)}</span>
        <Badge tone={tones[standing]}>{say(`standing.${standing}`)}</Badge>
        <time dateTime={new Date(run.startedAt).toISOString()} className="text-muted-foreground tabular-nums">
          {formatTime(run.startedAt)}
        </time>
        {run.endedAt !== null && (
          <span className="text-muted-foreground tabular-nums">{formatDuration(run.endedAt - run.startedAt)}</span>
        )}
        <span className="break-all text-muted-foreground">{run.by === "" ? say("byItself") : say("by", { name: run.by })}</span>
      </p>
      <FindingList run={run} />
      {run.error !== null && <p className="break-words text-danger">{run.error}</p>}
      {run.wrong.length > 0 && (
        <div className="rounded-md bg-danger-soft px-3 py-2">
          <p className="font-medium">{say("wrongHint")}</p>
          <ul aria-label={say("wrongBlobs")} className="mt-1 grid gap-1">
            {run.wrong.map(({ digest, repositories }) => (
              <li key={digest}>
                <span className="font-mono text-xs break-all">{digest}</span>{" "}
                <span className="break-all">
                  {repositories.length === 0 ? say("inNoRepository") : say("inRepositories", { names: repositories.join(", ") })}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </li>
  )
})
