"use client"

import type { ServedOverview } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useFormatter, useTranslations } from "next-intl"
import { hitRate, savedBytes } from "./served-rates.ts"
import { TileRow } from "./tile-row.tsx"

/** The sums of what the registry served. */
export function ServedTiles({ totals }: { readonly totals: ServedOverview["totals"] }) {
  const say = useTranslations("statistics")
  const format = useFormatter()
  const rate = hitRate(totals)
  return (
    <TileRow
      tiles={[
        { name: say("served.pulls"), value: format.number(totals.pulls), hint: say("served.pullsHint") },
        {
          name: say("served.requests"),
          value: format.number(totals.requests),
          hint: say("served.requestsHint", { refused: totals.refused, failures: totals.failures }),
        },
        {
          name: say("served.hitRate"),
          value: rate === null ? say("none") : format.number(rate, { style: "percent", maximumFractionDigits: 1 }),
          hint: totals.stale === 0 ? say("served.hitRateHint") : say("served.staleHint", { count: totals.stale }),
        },
        {
          name: say("served.sent"),
          value: formatBytes(totals.bytesSent),
          hint: say("served.sentHint", { pushed: formatBytes(totals.bytesPushed) }),
        },
        { name: say("served.fetched"), value: formatBytes(totals.bytesFetched), hint: say("served.fetchedHint") },
        { name: say("served.saved"), value: formatBytes(savedBytes(totals)), hint: say("served.savedHint") },
      ]}
    />
  )
}
