"use client"

import { useInfiniteQuery } from "@tanstack/react-query"
import { ScrollText } from "lucide-react"
import { useTranslations } from "next-intl"
import { Problem } from "../../../components/problem.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { Card, CardHeader, CardTitle } from "../../../components/ui/card.tsx"
import { EmptyState } from "../../../components/ui/empty-state.tsx"
import { Skeleton } from "../../../components/ui/skeleton.tsx"
import { useEntrepot } from "../../../connection/entrepot-provider.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { AuditRow } from "./audit-row.tsx"

const pageSize = 50

/** Who did what, newest first. */
export function AuditSection() {
  const say = useTranslations("settings.audit")
  const trpc = useTRPC()
  const client = useEntrepot()
  const log = useInfiniteQuery({
    queryKey: [...trpc.accounts.audit.pathKey(), "pages"],
    queryFn: ({ pageParam, signal }) =>
      client.accounts.audit.query({ limit: pageSize, ...(pageParam === undefined ? {} : { before: pageParam }) }, { signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < pageSize ? undefined : page.at(-1)?.id),
  })
  const entries = log.data?.pages.flat()
  return (
    <Card>
      <CardHeader>
        <CardTitle>{say("title")}</CardTitle>
      </CardHeader>
      <p className="px-4 pt-1 pb-4 text-sm text-muted-foreground sm:px-6">{say("description")}</p>
      {log.error && (
        <div className="px-4 pb-4 sm:px-6">
          <Problem error={log.error} onRetry={() => void log.refetch()} />
        </div>
      )}
      {log.isPending && (
        <div className="space-y-3 px-4 pb-5 sm:px-6">
          {["first", "second", "third", "fourth", "fifth", "sixth"].map((place) => (
            <Skeleton key={place} className="h-10" />
          ))}
        </div>
      )}
      {entries?.length === 0 && <EmptyState icon={<ScrollText aria-hidden />} title={say("none")} />}
      {entries !== undefined && entries.length > 0 && (
        <ol className="divide-y border-t">
          {entries.map((entry) => (
            <AuditRow key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      {log.hasNextPage && (
        <div className="border-t p-4 text-center">
          <Button
            variant="outline"
            size="small"
            disabled={log.isFetchingNextPage}
            aria-busy={log.isFetchingNextPage}
            onClick={() => void log.fetchNextPage()}
          >
            {say("older")}
          </Button>
        </div>
      )}
    </Card>
  )
}
