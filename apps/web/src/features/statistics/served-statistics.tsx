"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { ChartColumn } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card } from "../../components/ui/card.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { MostPulled } from "./most-pulled.tsx"
import { localTimeZone, type Period, statisticsQuery } from "./period.ts"
import { ServedCharts } from "./served-charts.tsx"
import { ServedTiles } from "./served-tiles.tsx"
import { SlowUpstreams } from "./slow-upstreams.tsx"
import { StatisticsSkeleton } from "./statistics-skeleton.tsx"

/** What the registry served in a period. */
export function ServedStatistics({ period }: { readonly period: Period }) {
  const say = useTranslations("statistics.served")
  const trpc = useTRPC()
  const { data, error, refetch } = useQuery(
    trpc.statistics.served.queryOptions(statisticsQuery(period, Date.now(), localTimeZone), {
      placeholderData: keepPreviousData,
      refetchInterval: 60_000,
    }),
  )
  if (data === undefined)
    return error === null ? <StatisticsSkeleton tiles={6} /> : <Problem error={error} onRetry={() => void refetch()} />
  return (
    <>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {data.totals.requests === 0 ? (
        <Card>
          <EmptyState icon={<ChartColumn aria-hidden />} title={say("empty")}>
            <p>{say("emptyHint")}</p>
            <Button asChild variant="outline">
              <Link href="/setup">{say("toSetup")}</Link>
            </Button>
          </EmptyState>
        </Card>
      ) : (
        <>
          <ServedTiles totals={data.totals} />
          <ServedCharts overview={data} />
          <MostPulled repositories={data.repositories} />
          <SlowUpstreams upstreams={data.upstreams} />
        </>
      )}
    </>
  )
}
