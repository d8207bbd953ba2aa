"use client"

import type { StatisticsOverview } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useFormatter, useTranslations } from "next-intl"
import { endedJobs, successRate } from "./success-rate.ts"

/** The sums of a period, large enough to read across a room. */
export function OverviewTiles({ totals }: { readonly totals: StatisticsOverview["totals"] }) {
  const say = useTranslations("statistics")
  const format = useFormatter()
  const rate = successRate(totals)
  const { copyMs, copyBytes } = totals
  const tiles = [
    { name: say("jobs"), value: format.number(endedJobs(totals)), hint: undefined },
    {
      name: say("successRate"),
      value: rate === null ? say("none") : format.number(rate, { style: "percent", maximumFractionDigits: 1 }),
      hint: undefined,
    },
    { name: say("sent"), value: formatBytes(totals.bytesSent), hint: undefined },
    { name: say("saved"), value: formatBytes(totals.bytesSkipped), hint: say("savedHint") },
    {
      name: say("speed"),
      value: copyMs === 0 ? say("none") : say("perSecond", { bytes: formatBytes((copyBytes / copyMs) * 1_000) }),
      hint: say("speedHint"),
    },
  ]
  return (
    <dl className="grid grid-cols-2 gap-4 lg:grid-cols-5">
      {tiles.map(({ name, value, hint }) => (
        <div key={name} className="min-h-[6.75rem] rounded-lg border bg-card p-4 shadow-xs first:col-span-2 lg:first:col-span-1">
          <dt className="text-sm text-muted-foreground">{name}</dt>
          <dd className="mt-1 text-2xl font-semibold tracking-tight tabular-nums">{value}</dd>
          {hint && <dd className="mt-0.5 text-xs text-muted-foreground">{hint}</dd>}
        </div>
      ))}
    </dl>
  )
}
