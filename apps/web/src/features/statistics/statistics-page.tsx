"use client"

import { useRouter, useSearchParams } from "next/navigation"
import { useTranslations } from "next-intl"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { Choice } from "../preferences/choice.tsx"
import { MirroredStatistics } from "./mirrored-statistics.tsx"
import { halfOf, halves, periodOf, periods, statisticsPath } from "./period.ts"
import { ServedStatistics } from "./served-statistics.tsx"

/** What was mirrored, or what was served, over time: one half at a time, over the same period. */
export function StatisticsPage() {
  const say = useTranslations()
  const router = useRouter()
  const address = useSearchParams()
  const [half, period] = [halfOf(address.get("of")), periodOf(address.get("period"))]
  const go = (path: string) => router.replace(path, { scroll: false })
  return (
    <>
      <PageHeader title={say("shell.statistics")}>
        <Choice
          label={say("statistics.half")}
          value={half}
          options={halves.map((value) => ({ value, label: say(`statistics.halves.${value}`) }))}
          onChange={(chosen) => go(statisticsPath(chosen, period))}
        />
        <Choice
          label={say("statistics.period")}
          value={period}
          options={periods.map((value) => ({ value, label: say(`statistics.${value}`) }))}
          onChange={(chosen) => go(statisticsPath(half, chosen))}
        />
      </PageHeader>
      {half === "served" ? <ServedStatistics period={period} /> : <MirroredStatistics period={period} />}
    </>
  )
}
