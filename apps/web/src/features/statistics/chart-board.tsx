"use client"

import type { StatisticsOverview } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Chart, type ChartSeries } from "../../components/chart/chart.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Table, TableCell, TableHead, TableRow } from "../../components/ui/table.tsx"
import { useStepNames } from "./use-step-names.ts"

/** One chart of a board; its title names the figures that are shown. */
export interface BoardChart {
  readonly title: string
  readonly kind: "bars" | "lines"
  readonly series: readonly ChartSeries[]
  readonly format: (value: number) => string
  /** The end of the axis where it is given: 1 for shares. */
  readonly most?: number
}

interface ChartBoardProps {
  readonly step: StatisticsOverview["step"]
  /** When each step begins, the oldest first. */
  readonly times: readonly number[]
  /** The first is as wide as the page. */
  readonly charts: readonly BoardChart[]
}

/** Charts over the same steps, and all their figures as a table. */
export function ChartBoard({ step, times, charts }: ChartBoardProps) {
  const say = useTranslations("statistics")
  const names = useStepNames(step)
  const places = times.map(names.short)
  const placeNames = times.map(names.long)
  const [from = "", until = ""] = [placeNames[0], placeNames.at(-1)]
  return (
    <>
      <div className="grid gap-6 xl:grid-cols-2">
        {charts.map(({ title, ...chart }) => (
          <Card key={title} className="min-w-0 xl:first:col-span-2">
            <CardHeader>
              <CardTitle>{title}</CardTitle>
            </CardHeader>
            <CardContent>
              <Chart
                label={say("chartOf", { title, count: times.length, from, until })}
                places={places}
                placeNames={placeNames}
                {...chart}
              />
            </CardContent>
          </Card>
        ))}
      </div>
      <Figures times={times} placeNames={placeNames} charts={charts} />
    </>
  )
}

interface FiguresProps extends Pick<ChartBoardProps, "times" | "charts"> {
  readonly placeNames: readonly string[]
}

function Figures({ times, placeNames, charts }: FiguresProps) {
  const say = useTranslations("statistics")
  const columns = charts.flatMap(({ series, format }) => series.map(({ name, values }) => ({ name, values, format })))
  return (
    <details className="rounded-lg border bg-card px-4 py-3 shadow-xs sm:px-6">
      <summary className="min-h-6 text-sm font-medium">{say("figures")}</summary>
      <div className="mt-3 max-h-96 overflow-y-auto">
        <Table aria-label={say("figures")}>
          <thead>
            <TableRow>
              {[say("time"), ...columns.map(({ name }) => name)].map((name) => (
                <TableHead key={name}>{name}</TableHead>
              ))}
            </TableRow>
          </thead>
          <tbody className="tabular-nums">
            {times
              .map((at, place) => (
                <TableRow key={at}>
                  <TableCell className="whitespace-nowrap">{placeNames[place]}</TableCell>
                  {columns.map(({ name, values, format }) => {
                    const value = values[place] ?? null
                    return (
                      <TableCell key={name} className="whitespace-nowrap">
                        {value === null ? say("none") : format(value)}
                      </TableCell>
                    )
                  })}
                </TableRow>
              ))
              .toReversed()}
          </tbody>
        </Table>
      </div>
    </details>
  )
}
