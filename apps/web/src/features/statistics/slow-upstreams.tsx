"use client"

import type { ServedOverview } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useFormatter, useTranslations } from "next-intl"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Table, TableCell, TableHead, TableRow } from "../../components/ui/table.tsx"

/** Which upstreams keep people waiting, and which fail. Nothing where none was asked, or whoever looks may not know. */
export function SlowUpstreams({ upstreams }: Pick<ServedOverview, "upstreams">) {
  const say = useTranslations("statistics")
  const format = useFormatter()
  if (upstreams.length === 0) return null
  return (
    <Card className="min-w-0">
      <CardHeader>
        <CardTitle>{say("served.upstreams")}</CardTitle>
      </CardHeader>
      <CardContent>
        <Table aria-label={say("served.upstreams")}>
          <thead>
            <TableRow>
              <TableHead>{say("served.upstream")}</TableHead>
              <TableHead className="text-right">{say("served.wait")}</TableHead>
              <TableHead className="text-right">{say("served.requests")}</TableHead>
              <TableHead className="text-right">{say("served.failed")}</TableHead>
              <TableHead className="text-right">{say("served.fetched")}</TableHead>
            </TableRow>
          </thead>
          <tbody className="tabular-nums">
            {upstreams.map(({ host, requests, failures, waitMs, bytesFetched }) => (
              <TableRow key={host}>
                <TableCell className="min-w-32 font-mono break-all">{host}</TableCell>
                <TableCell className="text-right whitespace-nowrap">
                  {waitMs === null ? say("served.neverAnswered") : say("served.ms", { ms: waitMs })}
                </TableCell>
                <TableCell className="text-right">{format.number(requests)}</TableCell>
                <TableCell className={`text-right ${failures > 0 ? "font-medium text-danger" : ""}`}>
                  {format.number(failures)}
                </TableCell>
                <TableCell className="text-right whitespace-nowrap">{formatBytes(bytesFetched)}</TableCell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </CardContent>
    </Card>
  )
}
