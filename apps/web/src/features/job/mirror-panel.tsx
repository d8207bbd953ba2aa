"use client"

import type { Job, JobState } from "@entrepot/client"
import { describeStage } from "@entrepot/core/errors"
import { useLocale, useTranslations } from "next-intl"
import { useMemo } from "react"
import { Problem } from "../../components/problem.tsx"
import { Card, CardContent } from "../../components/ui/card.tsx"
import { isEnded } from "../jobs/job-controls.ts"
import { ConnectionBanner } from "./connection-banner.tsx"
import { JobEnd } from "./job-end.tsx"
import { JobHead } from "./job-head.tsx"
import { LayerList } from "./layer-list.tsx"
import { loginSidesOf } from "./login-sides.ts"
import { StageLog } from "./stage-log.tsx"
import { StageRail } from "./stage-rail.tsx"
import { stepsOf } from "./steps.ts"
import { TotalBar } from "./total-bar.tsx"
import { useJobActions } from "./use-job-actions.ts"
import { useNow } from "./use-now.ts"
import type { Watching } from "./use-watched-job.ts"

interface MirrorPanelProps {
  readonly job: Job
  readonly state: JobState
  readonly watching: Watching
}

/** One image on its way: stages, sums, layers, log, and how it ended. */
export function MirrorPanel({ job, state, watching }: MirrorPanelProps) {
  const say = useTranslations("job")
  const locale = useLocale()
  const { job: watched, connection, error, resume } = watching
  const actions = useJobActions(job, state)
  const now = useNow(!isEnded({ state })) + watched.clockSkewMs
  const { stages, standing, endedAt } = watched
  const { engine } = job.request
  const steps = useMemo(() => stepsOf({ stages, standing, endedAt }, engine), [stages, standing, endedAt, engine])
  const current = steps.find((step) => step.state === "running")
  const failure = watched.progress.outcome?.error ?? job.failure
  const sides = actions.mayChange && actions.isRepeatable ? loginSidesOf(job, state, failure) : []
  const image = watched.progress.plan?.source ?? job.source
  const sentence =
    current !== undefined
      ? describeStage(current.stage, { image_name: image }, locale)
      : state === "queued" || state === "running"
        ? describeStage("prepare", {}, locale)
        : undefined
  const bar = state === "succeeded" || state === "failed" ? state : state === "running" ? "moving" : "resting"
  return (
    <Card aria-label={say("number", { id: job.id })}>
      <p role="status" className="sr-only">
        {sentence ?? say(`state.${state}`)}
      </p>
      <CardContent className="space-y-6">
        <JobHead job={job} state={state} actions={actions} asksLogin={sides.length > 0} />
        {connection === "broken" && <ConnectionBanner />}
        {error !== undefined && <Problem error={error} onRetry={resume} />}
        <StageRail steps={steps} now={now} />
        {sentence !== undefined && (
          <p aria-hidden className="font-medium break-all">
            {sentence}
          </p>
        )}
        {watched.progress.blobs.size > 0 && <TotalBar progress={watched.progress} now={now} state={bar} />}
        <JobEnd job={job} state={state} watched={watched} actions={actions} sides={sides} now={now} />
        <LayerList blobs={watched.progress.blobs} now={now} moves={state === "running"} />
        <StageLog entries={watched.entries} image={image} />
      </CardContent>
    </Card>
  )
}
