"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { ChartColumn } from "lucide-react"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Card } from "../../components/ui/card.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { HostSpeeds } from "./host-speeds.tsx"
import { OverviewCharts } from "./overview-charts.tsx"
import { OverviewTiles } from "./overview-tiles.tsx"
import { localTimeZone, type Period, statisticsQuery } from "./period.ts"
import { StatisticsSkeleton } from "./statistics-skeleton.tsx"
import { endedJobs } from "./success-rate.ts"

/** What was mirrored in a period. */
export function MirroredStatistics({ period }: { readonly period: Period }) {
  const say = useTranslations("statistics")
  const trpc = useTRPC()
  const { data, error, refetch } = useQuery(
    trpc.statistics.overview.queryOptions(statisticsQuery(period, Date.now(), localTimeZone), {
      placeholderData: keepPreviousData,
      refetchInterval: 60_000,
    }),
  )
  if (data === undefined)
    return error === null ? <StatisticsSkeleton tiles={5} /> : <Problem error={error} onRetry={() => void refetch()} />
  return (
    <>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {endedJobs(data.totals) === 0 ? (
        <Card>
          <EmptyState icon={<ChartColumn aria-hidden />} title={say("empty")}>
            <p>{say("emptyHint")}</p>
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
