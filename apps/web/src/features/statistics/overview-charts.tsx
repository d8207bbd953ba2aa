"use client"

import type { StatisticsOverview } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useFormatter, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Chart, type ChartSeries } from "../../components/chart/chart.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Table, TableCell, TableHead, TableRow } from "../../components/ui/table.tsx"
import { successRate } from "./success-rate.ts"

interface OverviewChartsProps {
  readonly overview: StatisticsOverview
}

/** Jobs, bytes and the success rate, step by step, and the same figures as a table. */
export function OverviewCharts({ overview: { steps, step } }: OverviewChartsProps) {
  const say = useTranslations("statistics")
  const format = useFormatter()
  const names = useStepNames(step)
  const places = steps.map(({ at }) => names.short(at))
  const placeNames = steps.map(({ at }) => names.long(at))
  const whole = (value: number) => format.number(value)
  const percent = (value: number) => format.number(value, { style: "percent", maximumFractionDigits: 1 })
  const jobs = (["succeeded", "unchanged", "failed", "cancelled"] as const).map(
    (name, index): ChartSeries => ({ name: say(name), tone: jobTones[index] ?? 1, values: steps.map((each) => each[name]) }),
  )
  const bytes: readonly ChartSeries[] = [
    { name: say("sent"), tone: 1, values: steps.map(({ bytesSent }) => bytesSent) },
    { name: say("saved"), tone: 2, values: steps.map(({ bytesSkipped }) => bytesSkipped) },
  ]
  const rates: readonly ChartSeries[] = [{ name: say("successRate"), tone: 2, values: steps.map(successRate) }]
  const charts = [
    { title: say("jobsOverTime"), kind: "bars", series: jobs, format: whole },
    { title: say("bytesOverTime"), kind: "bars", series: bytes, format: formatBytes },
    { title: say("rateOverTime"), kind: "lines", series: rates, format: percent, most: 1 },
  ] as const
  return (
    <>
      <div className="grid gap-6 xl:grid-cols-2">
        {charts.map(({ title, ...chart }) => (
          <ChartCard key={title} title={title}>
            <Chart
              label={say("chartOf", { title, count: steps.length, from: placeNames[0] ?? "", until: placeNames.at(-1) ?? "" })}
              places={places}
              placeNames={placeNames}
              {...chart}
            />
          </ChartCard>
        ))}
      </div>
      <details className="rounded-lg border bg-card px-4 py-3 shadow-xs sm:px-6">
        <summary className="min-h-6 text-sm font-medium">{say("figures")}</summary>
        <div className="mt-3 max-h-96 overflow-y-auto">
          <Table aria-label={say("figures")}>
            <thead>
              <TableRow>
                {[say("time"), ...[...jobs, ...bytes, ...rates].map(({ name }) => name)].map((name) => (
                  <TableHead key={name}>{name}</TableHead>
                ))}
              </TableRow>
            </thead>
            <tbody className="tabular-nums">
              {steps.toReversed().map((each) => {
                const rate = successRate(each)
                return (
                  <TableRow key={each.at}>
                    <TableCell className="whitespace-nowrap">{names.long(each.at)}</TableCell>
                    <TableCell>{whole(each.succeeded)}</TableCell>
                    <TableCell>{whole(each.unchanged)}</TableCell>
                    <TableCell>{whole(each.failed)}</TableCell>
                    <TableCell>{whole(each.cancelled)}</TableCell>
                    <TableCell className="whitespace-nowrap">{formatBytes(each.bytesSent)}</TableCell>
                    <TableCell className="whitespace-nowrap">{formatBytes(each.bytesSkipped)}</TableCell>
                    <TableCell>{rate === null ? say("none") : percent(rate)}</TableCell>
                  </TableRow>
                )
              })}
            </tbody>
          </Table>
        </div>
      </details>
    </>
  )
}

const jobTones = [1, 2, 3, 4] as const

function ChartCard({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Card className="xl:first:col-span-2">
      <CardHeader>
        <CardTitle>{title}</CardTitle>
      </CardHeader>
      <CardContent>{children}</CardContent>
    </Card>
  )
}

/** What a step is called: below its bar, and in full. */
export function useStepNames(step: StatisticsOverview["step"]) {
  const format = useFormatter()
  const isHour = step === "hour"
  return {
    short: (at: number) =>
      format.dateTime(
        at,
        isHour ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { month: "numeric", day: "numeric" },
      ),
    long: (at: number) =>
      format.dateTime(at, {
        year: "numeric",
        month: "short",
        day: "numeric",
        ...(isHour ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { weekday: "short" }),
      }),
  }
}
