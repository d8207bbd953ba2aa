"use client"

import type { StatisticsOverview } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useFormatter, useTranslations } from "next-intl"
import { Chart } from "../../components/chart/chart.tsx"
import { Sparkline } from "../../components/chart/sparkline.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Table, TableCell, TableHead, TableRow } from "../../components/ui/table.tsx"
import { useStepNames } from "./use-step-names.ts"

/** As many lines as can be told apart. */
const lines = [1, 3, 4, 2, 5] as const

/** Which registries are slow, and since when. */
export function HostSpeeds({ overview: { hosts, steps, step } }: { readonly overview: StatisticsOverview }) {
  const say = useTranslations("statistics")
  const format = useFormatter()
  const names = useStepNames(step)
  const speed = (value: number | null) => (value === null ? say("none") : say("perSecond", { bytes: formatBytes(value) }))
  const placeNames = steps.map(({ at }) => names.long(at))
  const slowest = hosts.filter(({ bytesPerSecond }) => bytesPerSecond !== null).slice(0, lines.length)
  if (hosts.length === 0) return null
  return (
    <Card>
      <CardHeader>
        <CardTitle>{say("hosts")}</CardTitle>
      </CardHeader>
      <CardContent className="grid gap-6">
        {slowest.length > 0 && (
          <Chart
            label={say("chartOf", {
              title: say("slowest"),
              count: steps.length,
              from: placeNames[0] ?? "",
              until: placeNames.at(-1) ?? "",
            })}
            kind="lines"
            series={slowest.map(({ host, side, speeds }, index) => ({
              name: `${host} (${say(side)})`,
              tone: lines[index] ?? 1,
              values: speeds,
            }))}
            places={steps.map(({ at }) => names.short(at))}
            placeNames={placeNames}
            format={speed}
          />
        )}
        <Table aria-label={say("hosts")}>
          <thead>
            <TableRow>
              <TableHead>{say("host")}</TableHead>
              <TableHead>{say("side")}</TableHead>
              <TableHead>{say("speed")}</TableHead>
              <TableHead>{say("course")}</TableHead>
              <TableHead>{say("jobs")}</TableHead>
              <TableHead>{say("failed")}</TableHead>
              <TableHead>{say("sent")}</TableHead>
            </TableRow>
          </thead>
          <tbody className="tabular-nums">
            {hosts.map(({ host, side, jobs, failed, bytesSent, bytesPerSecond, speeds }) => (
              <TableRow key={`${side} ${host}`}>
                <TableCell className="font-mono">{host}</TableCell>
                <TableCell>{say(side)}</TableCell>
                <TableCell className="whitespace-nowrap">{speed(bytesPerSecond)}</TableCell>
                <TableCell>
                  <Sparkline values={speeds} label={say("courseOf", { host })} />
                </TableCell>
                <TableCell>{format.number(jobs)}</TableCell>
                <TableCell>{format.number(failed)}</TableCell>
                <TableCell className="whitespace-nowrap">{formatBytes(bytesSent)}</TableCell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </CardContent>
    </Card>
  )
}
