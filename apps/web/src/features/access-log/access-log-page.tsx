"use client"

import type { AccessRecord } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { useCallback, useMemo, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Card } from "../../components/ui/card.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { PendingList } from "../../components/ui/pending-list.tsx"
import { useTabVisible } from "../../connection/use-tab-visible.ts"
import { AdministratorsOnly } from "../session/administrators-only.tsx"
import { formatAccessFilter, isSameFilter, noFilter, questionOf } from "./access-filter.ts"
import { ClearLog } from "./clear-log.tsx"
import { EntryDialog } from "./entry-dialog.tsx"
import { EntryList } from "./entry-list.tsx"
import { ExportLinks } from "./export-links.tsx"
import { FilterBar } from "./filter-bar.tsx"
import { LiveBar } from "./live-bar.tsx"
import { pagesWithNews } from "./log-pages.ts"
import { NoEntries } from "./no-entries.tsx"
import { useAccessFilter } from "./use-access-filter.ts"
import { useAccessLog } from "./use-access-log.ts"
import { useLiveNews } from "./use-live-news.ts"
import { useScrolledPast } from "./use-scrolled-past.ts"
import type { WaitingNews } from "./waiting-news.ts"

/** As many rows as are kept while new ones come. */
const kept = 300
const hiddenGraceMs = 30_000
const minuteMs = 60_000

/** Who pulled and pushed what, as it happens, for administrators. */
export function AccessLogPage() {
  const say = useTranslations("accessLog")
  return (
    <AdministratorsOnly title={say("title")}>
      <AccessLog />
    </AdministratorsOnly>
  )
}

function AccessLog() {
  const say = useTranslations("accessLog")
  const [filter, changeFilter] = useAccessFilter()
  const question = useMemo(() => questionOf(filter, Math.floor(Date.now() / minuteMs) * minuteMs), [filter])
  const log = useAccessLog(question)
  const { entries, isPending, isPlaceholder, error, hasNextPage, isFetchingNextPage, change, beginAnew } = log
  const [opened, setOpened] = useState<AccessRecord>()
  const [isPaused, setPaused] = useState(false)
  const { ref: top, isPast } = useScrolledPast()
  const visible = useTabVisible(hiddenGraceMs)

  const follows = question.to === undefined
  const canAdd = follows && visible && !isPending && !isPlaceholder && error === undefined
  const onNews = useCallback(
    (news: WaitingNews) => (news.hasMore ? beginAnew() : change((pages) => pagesWithNews(pages, news.entries, kept))),
    [change, beginAnew],
  )
  const live = useLiveNews({
    question,
    after: canAdd ? (entries[0]?.id ?? 0) : undefined,
    isHeld: isPaused || isPast,
    kept,
    onNews,
  })
  const goOn = () => {
    if (hasNextPage && !isFetchingNextPage && !isPlaceholder && error === undefined) log.fetchNextPage()
  }

  return (
    <>
      <PageHeader title={say("title")} description={say("description")}>
        <ExportLinks filter={filter} />
        <ClearLog
          onCleared={() => {
            live.forget()
            beginAnew()
          }}
        />
      </PageHeader>
      {log.dropped > 0 && <Alert tone="warning">{say("dropped", { count: log.dropped })}</Alert>}
      <FilterBar filter={filter} onChange={changeFilter} />
      <div>
        <div ref={top} className="h-px" />
        {(error === undefined || entries.length > 0) && (
          <Card aria-busy={isPlaceholder} className={isPlaceholder ? "opacity-60" : undefined}>
            <LiveBar
              state={!follows ? "off" : isPaused ? "paused" : live.connection}
              count={live.count}
              isFull={live.count >= kept}
              onPause={setPaused}
              onShow={() => {
                setPaused(false)
                top.current?.scrollIntoView({ block: "center" })
              }}
            />
            {isPending ? (
              <PendingList count={10} className="h-[156px] px-4 min-[72rem]:h-[60px]" lines={["h-4 w-72", "h-3 w-96"]} />
            ) : entries.length === 0 ? (
              <NoEntries isFiltered={!isSameFilter(filter, noFilter)} onClear={() => changeFilter(noFilter)} />
            ) : (
              <EntryList
                key={formatAccessFilter(filter)}
                entries={entries}
                hasMore={hasNextPage}
                onNearEnd={goOn}
                onOpen={setOpened}
              />
            )}
          </Card>
        )}
        {error !== undefined && (
          <div className="mt-2">
            <Problem error={error} onRetry={entries.length > 0 ? log.fetchNextPage : log.beginAnew} />
          </div>
        )}
      </div>
      <EntryDialog entry={opened} filter={filter} onClose={() => setOpened(undefined)} />
    </>
  )
}
