"use client"

import type { CareRun } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Card, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { CareRunRow } from "./care-run-row.tsx"

interface CareHistoryProps {
  readonly runs: readonly CareRun[] | undefined
  readonly isPending: boolean
  readonly error: unknown
  readonly onRetry: () => void
}

/** The latest runs, the newest first. */
export function CareHistory({ runs, isPending, error, onRetry }: CareHistoryProps) {
  const say = useTranslations("cache")
  return (
    <Card aria-label={say("history")}>
      <CardHeader>
        <CardTitle>{say("history")}</CardTitle>
      </CardHeader>
      <p className="px-4 pt-1 pb-4 text-sm text-muted-foreground sm:px-6">{say("historyHint")}</p>
      {error !== null && runs === undefined && (
        <div className="px-4 pb-4 sm:px-6">
          <Problem error={error} onRetry={onRetry} />
        </div>
      )}
      {isPending && (
        <div className="space-y-4 px-4 pb-5 sm:px-6">
          <Skeleton className="h-12" />
          <Skeleton className="h-12" />
        </div>
      )}
      {runs?.length === 0 && (
        <p className="border-t px-4 py-6 text-center text-sm text-muted-foreground sm:px-6">{say("noRuns")}</p>
      )}
      {runs !== undefined && runs.length > 0 && (
        <ul aria-label={say("history")} className="divide-y border-t">
          {runs.map((run) => (
            <CareRunRow key={run.id} run={run} />
          ))}
        </ul>
      )}
    </Card>
  )
}
