"use client"

import { EntrepotError, type Job } from "@entrepot/client"
import { SearchX } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card } from "../../components/ui/card.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { BatchPanel } from "./batch-panel.tsx"
import { MirrorPanel } from "./mirror-panel.tsx"
import { useJob } from "./use-job.ts"

interface JobPanelProps {
  readonly id: number
}

/** Everything about one job, live: stages, layers, log, and how it ended; of a batch its jobs. Give another job, and it shows that. */
export function JobPanel({ id }: JobPanelProps) {
  return <KnownJob key={id} id={id} />
}

function KnownJob({ id }: JobPanelProps) {
  const say = useTranslations("job")
  const { row, watching, state, hasCome } = useJob(id)
  if (row.error instanceof EntrepotError && row.error.code === "not_found") {
    return (
      <Card>
        <EmptyState icon={<SearchX aria-hidden />} title={say("notFound", { id })}>
          <p>{say("notFoundHint")}</p>
          <Button asChild variant="outline">
            <Link href="/jobs">{say("toJobs")}</Link>
          </Button>
        </EmptyState>
      </Card>
    )
  }
  const job: Job | undefined = row.data
  if (job === undefined && row.error) return <Problem error={row.error} onRetry={() => void row.refetch()} />
  if (job === undefined || !hasCome) return <Skeleton className="h-[42rem]" />
  return job.kind === "batch" ? (
    <BatchPanel job={job} state={state ?? job.state} />
  ) : (
    <MirrorPanel job={job} state={state ?? job.state} watching={watching} />
  )
}
