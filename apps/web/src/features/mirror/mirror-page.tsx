"use client"

import { useQuery } from "@tanstack/react-query"
import { useSearchParams } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { PageSkeleton } from "../../components/ui/page-skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { RecentJobs } from "../jobs/recent-jobs.tsx"
import { useMe } from "../session/use-me.ts"
import { keepChoices, lastChoices } from "./last-choices.ts"
import { openDraft } from "./mirror-draft.ts"
import { MirrorForm } from "./mirror-form.tsx"
import { addressOfJob, readAddressBar } from "./read-address-bar.ts"
import { StartedJob } from "./started-job.tsx"

/** Takes an image from a registry to another, and shows how. */
export function MirrorPage() {
  const say = useTranslations()
  const trpc = useTRPC()
  const { me } = useMe()
  const mayStart = me !== undefined && me.role !== "viewer"
  const { image, targetId, jobId } = readAddressBar(useSearchParams())
  const targets = useQuery(trpc.targets.list.queryOptions(undefined, { enabled: mayStart }))
  const isLink = image !== undefined || targetId !== undefined
  const times = useTimesFilled(isLink ? `${targetId ?? ""} ${image ?? ""}` : undefined)
  const [startedId, setStartedId] = useState<number>()

  if (mayStart && targets.isPending) return <PageSkeleton />
  const saved = targets.data?.targets ?? []
  return (
    <>
      <PageHeader title={say("shell.mirror")} description={say("mirror.description")} />
      {targets.error && <Problem error={targets.error} onRetry={() => void targets.refetch()} />}
      {mayStart ? (
        <MirrorForm
          key={times}
          targets={saved}
          defaultTarget={targets.data?.defaultTarget ?? null}
          opened={openDraft({ image, targetId, remembered: lastChoices(me.userId) }, saved)}
          onStarted={(id, draft) => {
            keepChoices(me.userId, draft)
            setStartedId(id)
            window.history.replaceState(null, "", addressOfJob(id))
          }}
        />
      ) : (
        <Alert>{say("mirror.viewer")}</Alert>
      )}
      {jobId !== undefined && <StartedJob key={jobId} id={jobId} isNew={jobId === startedId} />}
      <RecentJobs />
    </>
  )
}

/** Counts the links that filled the form: it begins anew with each, and stays as it is when the address tells of a job instead. */
function useTimesFilled(link: string | undefined): number {
  const [seen, setSeen] = useState({ link, times: 0 })
  if (seen.link !== link) setSeen({ link, times: seen.times + (link === undefined ? 0 : 1) })
  return seen.times
}
