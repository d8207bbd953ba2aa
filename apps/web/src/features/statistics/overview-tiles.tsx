"use client"

import type { StatisticsOverview } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useFormatter, useTranslations } from "next-intl"
import { endedJobs, successRate } from "./success-rate.ts"
import { TileRow } from "./tile-row.tsx"

/** The sums of what was mirrored. */
export function OverviewTiles({ totals }: { readonly totals: StatisticsOverview["totals"] }) {
  const say = useTranslations("statistics")
  const format = useFormatter()
  const rate = successRate(totals)
  const { copyMs, copyBytes } = totals
  return (
    <TileRow
      tiles={[
        { name: say("jobs"), value: format.number(endedJobs(totals)) },
        {
          name: say("successRate"),
          value: rate === null ? say("none") : format.number(rate, { style: "percent", maximumFractionDigits: 1 }),
        },
        { name: say("sent"), value: formatBytes(totals.bytesSent) },
        { name: say("saved"), value: formatBytes(totals.bytesSkipped), hint: say("savedHint") },
        {
          name: say("speed"),
          value: copyMs === 0 ? say("none") : say("perSecond", { bytes: formatBytes((copyBytes / copyMs) * 1_000) }),
          hint: say("speedHint"),
        },
      ]}
    />
  )
}
