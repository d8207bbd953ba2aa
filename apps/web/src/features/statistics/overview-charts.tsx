"use client"

import type { StatisticsOverview } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useFormatter, useTranslations } from "next-intl"
import { ChartBoard } from "./chart-board.tsx"
import { successRate } from "./success-rate.ts"

const jobKinds = [
  { name: "succeeded", tone: 1 },
  { name: "unchanged", tone: 2 },
  { name: "failed", tone: 3 },
  { name: "cancelled", tone: 4 },
] as const

/** Jobs, bytes and the success rate, step by step. */
export function OverviewCharts({ overview: { steps, step } }: { readonly overview: StatisticsOverview }) {
  const say = useTranslations("statistics")
  const format = useFormatter()
  return (
    <ChartBoard
      step={step}
      times={steps.map(({ at }) => at)}
      charts={[
        {
          title: say("jobsOverTime"),
          kind: "bars",
          series: jobKinds.map(({ name, tone }) => ({ name: say(name), tone, values: steps.map((each) => each[name]) })),
          format: (value) => format.number(value),
        },
        {
          title: say("bytesOverTime"),
          kind: "bars",
          series: [
            { name: say("sent"), tone: 1, values: steps.map(({ bytesSent }) => bytesSent) },
            { name: say("saved"), tone: 2, values: steps.map(({ bytesSkipped }) => bytesSkipped) },
          ],
          format: formatBytes,
        },
        {
          title: say("rateOverTime"),
          kind: "lines",
          series: [{ name: say("successRate"), tone: 2, values: steps.map(successRate) }],
          format: (value) => format.number(value, { style: "percent", maximumFractionDigits: 1 }),
          most: 1,
        },
      ]}
    />
  )
}
