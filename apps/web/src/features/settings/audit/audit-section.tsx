"use client"

import { useInfiniteQuery } from "@tanstack/react-query"
import { ScrollText } from "lucide-react"
import { useTranslations } from "next-intl"
import { Button } from "../../../components/ui/button.tsx"
import { EmptyState } from "../../../components/ui/empty-state.tsx"
import { useEntrepot } from "../../../connection/entrepot-provider.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { SectionCard } from "../section-card.tsx"
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
    <SectionCard title={say("title")} description={say("description")} list={log} rows={{ count: 6, className: "h-10" }}>
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
    </SectionCard>
  )
}
