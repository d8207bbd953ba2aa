"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { ChartColumn } from "lucide-react"
import { useRouter, useSearchParams } from "next/navigation"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Card } from "../../components/ui/card.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { Choice } from "../preferences/choice.tsx"
import { HostSpeeds } from "./host-speeds.tsx"
import { OverviewCharts } from "./overview-charts.tsx"
import { OverviewTiles } from "./overview-tiles.tsx"
import { periodOf, periods, statisticsQuery } from "./period.ts"
import { StatisticsSkeleton } from "./statistics-skeleton.tsx"
import { endedJobs } from "./success-rate.ts"

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** What was mirrored, over time. */
export function StatisticsPage() {
  const say = useTranslations()
  const trpc = useTRPC()
  const router = useRouter()
  const period = periodOf(useSearchParams().get("period"))
  const { data, error, refetch } = useQuery(
    trpc.statistics.overview.queryOptions(statisticsQuery(period, Date.now(), timeZone), {
      placeholderData: keepPreviousData,
      refetchInterval: 60_000,
    }),
  )
  return (
    <>
      <PageHeader title={say("shell.statistics")}>
        <Choice
          label={say("statistics.period")}
          value={period}
          options={periods.map((value) => ({ value, label: say(`statistics.${value}`) }))}
          onChange={(chosen) => router.replace(`/statistics?period=${chosen}`, { scroll: false })}
        />
      </PageHeader>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null && <StatisticsSkeleton />
      ) : endedJobs(data.totals) === 0 ? (
        <Card>
          <EmptyState icon={<ChartColumn aria-hidden />} title={say("statistics.empty")}>
            <p>{say("statistics.emptyHint")}</p>
          </EmptyState>
        </Card>
      ) : (
        <>
          <OverviewTiles totals={data.totals} />
          <OverviewCharts overview={data} />
          <HostSpeeds overview={data} />
        </>
      )}
    </>
  )
}
