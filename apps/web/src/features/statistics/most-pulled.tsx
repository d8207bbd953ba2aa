"use client"

import type { ServedOverview } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import Link from "next/link"
import { useFormatter, useTranslations } from "next-intl"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Table, TableCell, TableHead, TableRow } from "../../components/ui/table.tsx"
import { pathOf } from "../projects/place-path.ts"

/** The repositories that are pulled most, with their pages. */
export function MostPulled({ repositories }: Pick<ServedOverview, "repositories">) {
  const say = useTranslations("statistics")
  const format = useFormatter()
  if (repositories.length === 0) return null
  return (
    <Card className="min-w-0">
      <CardHeader>
        <CardTitle>{say("served.repositories")}</CardTitle>
      </CardHeader>
      <CardContent>
        <Table aria-label={say("served.repositories")}>
          <thead>
            <TableRow>
              <TableHead>{say("served.repository")}</TableHead>
              <TableHead className="text-right">{say("served.pulls")}</TableHead>
              <TableHead className="text-right">{say("served.sent")}</TableHead>
            </TableRow>
          </thead>
          <tbody className="tabular-nums">
            {repositories.map(({ repository, pulls, bytesSent }) => (
              <TableRow key={repository}>
                <TableCell className="min-w-32 font-mono break-all">
                  {repository === "" ? (
                    <span className="font-sans text-muted-foreground">{say("served.others")}</span>
                  ) : (
                    <Link href={pathOf(repository)} prefetch={false} className="hover:underline">
                      {repository}
                    </Link>
                  )}
                </TableCell>
                <TableCell className="text-right">{format.number(pulls)}</TableCell>
                <TableCell className="text-right whitespace-nowrap">{formatBytes(bytesSent)}</TableCell>
              </TableRow>
            ))}
          </tbody>
        </Table>
        <p className="mt-3 text-xs text-muted-foreground">{say("served.repositoriesHint")}</p>
      </CardContent>
    </Card>
  )
}
