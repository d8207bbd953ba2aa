"use client"

import { useQuery } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { PageSkeleton } from "../../components/ui/page-skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { keepChoices, lastChoices } from "../mirror/last-choices.ts"
import { openDraft } from "../mirror/mirror-draft.ts"
import { useMe } from "../session/use-me.ts"
import { BatchForm } from "./batch-form.tsx"

interface BatchPageProps {
  /** What stands in the field to begin with. */
  readonly text?: string
}

/** Takes many images at once. */
export function BatchPage({ text = "" }: BatchPageProps) {
  const say = useTranslations()
  const trpc = useTRPC()
  const router = useRouter()
  const { me } = useMe()
  const mayStart = me !== undefined && me.role !== "viewer"
  const targets = useQuery(trpc.targets.list.queryOptions(undefined, { enabled: mayStart }))
  if (mayStart && targets.isPending) return <PageSkeleton />
  const saved = targets.data?.targets ?? []
  return (
    <>
      <PageHeader title={say("shell.batch")} description={say("batch.description")} />
      {targets.error && <Problem error={targets.error} onRetry={() => void targets.refetch()} />}
      {mayStart ? (
        <BatchForm
          targets={saved}
          defaultTarget={targets.data?.defaultTarget ?? null}
          openedText={text}
          opened={openDraft({ remembered: lastChoices(me.userId) }, saved)}
          onStarted={(id, draft) => {
            keepChoices(me.userId, draft)
            router.push(`/jobs/${id}`)
          }}
        />
      ) : (
        <Alert>{say("batch.viewer")}</Alert>
      )}
    </>
  )
}
