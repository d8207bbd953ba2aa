"use client"

import type { ServedOverview } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useFormatter, useTranslations } from "next-intl"
import { ChartBoard } from "./chart-board.tsx"
import { hitRate } from "./served-rates.ts"

/** What was asked for, what moved and how much of it was here, step by step. */
export function ServedCharts({ overview: { steps, step } }: { readonly overview: ServedOverview }) {
  const say = useTranslations("statistics")
  const format = useFormatter()
  return (
    <ChartBoard
      step={step}
      times={steps.map(({ at }) => at)}
      charts={[
        {
          title: say("served.askedOverTime"),
          kind: "bars",
          series: [
            { name: say("served.hits"), tone: 2, values: steps.map(({ hits, stale }) => hits - stale) },
            { name: say("served.stale"), tone: 4, values: steps.map(({ stale }) => stale) },
            { name: say("served.misses"), tone: 1, values: steps.map(({ misses }) => misses) },
            { name: say("served.failures"), tone: 3, values: steps.map(({ failures }) => failures) },
          ],
          format: (value) => format.number(value),
        },
        {
          title: say("served.bytesOverTime"),
          kind: "lines",
          series: [
            { name: say("served.sent"), tone: 1, values: steps.map(({ bytesSent }) => bytesSent) },
            { name: say("served.fetched"), tone: 4, values: steps.map(({ bytesFetched }) => bytesFetched) },
          ],
          format: formatBytes,
        },
        {
          title: say("served.rateOverTime"),
          kind: "lines",
          series: [{ name: say("served.hitRate"), tone: 2, values: steps.map(hitRate) }],
          format: (value) => format.number(value, { style: "percent", maximumFractionDigits: 1 }),
          most: 1,
        },
      ]}
    />
  )
}
