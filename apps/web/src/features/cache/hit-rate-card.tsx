"use client"

import { formatBytes } from "@entrepot/core/progress"
import { useQuery } from "@tanstack/react-query"
import { useFormatter, useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { bytesSaved, hitRate, type Span, spanQuery } from "./hit-rate.ts"

const minuteMs = 60_000

/** How often what was asked for was here already, and what that spared the line to the upstreams. */
export function HitRateCard() {
  const say = useTranslations("cache")
  return (
    <Card aria-label={say("hitRate")}>
      <CardHeader>
        <CardTitle>{say("hitRate")}</CardTitle>
      </CardHeader>
      <CardContent className="grid min-h-64 content-start gap-6">
        <p className="text-sm text-muted-foreground">{say("hitRateHint")}</p>
        <SpanRate span="day" />
        <SpanRate span="week" />
      </CardContent>
    </Card>
  )
}

function SpanRate({ span }: { readonly span: Span }) {
  const say = useTranslations("cache")
  const format = useFormatter()
  const trpc = useTRPC()
  const { data, error, refetch } = useQuery(
    trpc.statistics.served.queryOptions(spanQuery(span, Date.now()), { staleTime: minuteMs, refetchInterval: minuteMs }),
  )
  if (data === undefined) {
    return error === null ? <Skeleton className="h-16" /> : <Problem error={error} onRetry={() => void refetch()} />
  }
  const { totals } = data
  const rate = hitRate(totals)
  return (
    <div className="min-h-16">
      <h3 className="text-sm font-medium">{say(`spans.${span}`)}</h3>
      <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="text-2xl font-semibold tracking-tight tabular-nums">
          {rate === null ? say("noRate") : format.number(rate, { style: "percent", maximumFractionDigits: 1 })}
        </span>
        <span className="text-sm text-muted-foreground tabular-nums">
          {rate === null
            ? say("nothingServed")
            : say("saved", { bytes: formatBytes(bytesSaved(totals)), hits: totals.hits, misses: totals.misses })}
        </span>
      </p>
    </div>
  )
}
