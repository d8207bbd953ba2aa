"use client"

import type { Job } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { useEffect, useMemo, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { startOfDay } from "../../components/time/calendar-day.ts"
import { formatDay } from "../../components/time/format-time.ts"
import { Card } from "../../components/ui/card.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { PendingList } from "../../components/ui/pending-list.tsx"
import { useMe } from "../session/use-me.ts"
import { ActionProblem } from "./action-problem.tsx"
import { ExportLinks } from "./export-links.tsx"
import { FilterBar } from "./filter-bar.tsx"
import { formatJobFilter, noFilter, queryOfFilter } from "./job-filter.ts"
import { JobList } from "./job-list.tsx"
import { JobsFound } from "./jobs-found.tsx"
import { NoJobs } from "./no-jobs.tsx"
import type { RowActions } from "./row-buttons.tsx"
import { useJobFilter } from "./use-job-filter.ts"
import { useJobList } from "./use-job-list.ts"
import { useListActions } from "./use-list-actions.ts"

/** The queue and the history: every job, live, narrowed by a filter that the address carries. */
export function JobsPage() {
  const say = useTranslations()
  const [filter, changeFilter] = useJobFilter()
  const today = startOfDay(formatDay(Date.now())) ?? 0
  const query = useMemo(() => queryOfFilter(filter, today), [filter, today])
  const { jobs, isPending, isPlaceholder, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useJobList(query, {
    keepsPrevious: true,
  })
  const { me } = useMe()
  const actions = useListActions()
  const { retry, cancel } = actions
  const [removing, setRemoving] = useState<Job>()
  const rowActions = useMemo<RowActions>(() => ({ retry, cancel, remove: setRemoving }), [retry, cancel])
  const clear = () => changeFilter(noFilter)
  const searchesOn = jobs.length === 0 && hasNextPage
  const goOn = () => {
    if (hasNextPage && !isFetchingNextPage && !isPlaceholder && error === undefined) fetchNextPage()
  }

  // A page of a search may have found nothing, with more of the history to be looked through.
  useEffect(() => {
    if (searchesOn) goOn()
  })

  return (
    <>
      <PageHeader title={say("shell.jobs")} description={say("jobs.description")}>
        <ExportLinks filter={filter} />
      </PageHeader>
      <FilterBar filter={filter} onChange={changeFilter} />
      <div className="space-y-2">
        <JobsFound
          key={formatJobFilter(filter)}
          count={jobs.length}
          hasMore={hasNextPage}
          settled={!isPending && !isPlaceholder && !searchesOn && error === undefined}
        />
        {(error === undefined || jobs.length > 0) && (
          <Card aria-busy={isPlaceholder || searchesOn} className={isPlaceholder ? "opacity-60" : undefined}>
            {isPending || searchesOn ? (
              <PendingList count={8} className="h-[156px] px-4 min-[72rem]:h-[68px]" lines={["h-4 w-64", "h-3 w-96"]} />
            ) : jobs.length === 0 ? (
              <NoJobs filter={filter} onClear={clear} />
            ) : (
              <JobList
                jobs={jobs}
                hasMore={hasNextPage}
                onNearEnd={goOn}
                role={me?.role}
                isBusy={actions.isBusy}
                actions={rowActions}
              />
            )}
          </Card>
        )}
        {error !== undefined && <Problem error={error} onRetry={jobs.length > 0 ? fetchNextPage : refetch} />}
      </div>
      <ConfirmDialog
        open={removing !== undefined}
        title={say("jobs.removeTitle", { id: removing?.id ?? 0 })}
        action={say("jobs.remove")}
        busy={removing !== undefined && actions.isBusy(removing)}
        onClose={() => setRemoving(undefined)}
        onConfirm={() => {
          if (removing !== undefined) void actions.remove(removing).then(() => setRemoving(undefined))
        }}
      >
        <p className="font-mono break-all">{removing?.source}</p>
        <p>{say(removing?.kind === "batch" ? "jobs.removeBatchText" : "jobs.removeText")}</p>
      </ConfirmDialog>
      <ActionProblem actions={actions} />
    </>
  )
}
