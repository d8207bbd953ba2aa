"use client"

import type { Delivery, DeliveryPage, Webhook } from "@entrepot/client"
import { useInfiniteQuery } from "@tanstack/react-query"
import { Inbox } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Button } from "../../../components/ui/button.tsx"
import { EmptyState } from "../../../components/ui/empty-state.tsx"
import { useEntrepot } from "../../../connection/entrepot-provider.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { SectionCard } from "../section-card.tsx"
import { DeliveryDialog } from "./delivery-dialog.tsx"
import { DeliveryRow } from "./delivery-row.tsx"

const pageSize = 20

/** How long to wait before asking again, milliseconds: messages that are under way end soon. */
const soon = 2_000
const later = 20_000

/** What was sent, the newest first. */
export function DeliveryLog({ webhooks }: { readonly webhooks: readonly Webhook[] }) {
  const say = useTranslations("webhooks")
  const trpc = useTRPC()
  const client = useEntrepot()
  const [shown, setShown] = useState<Delivery>()
  const log = useInfiniteQuery({
    queryKey: [...trpc.webhooks.deliveries.pathKey(), "pages"],
    queryFn: ({ pageParam, signal }): Promise<DeliveryPage> =>
      client.webhooks.deliveries.query(
        { limit: pageSize, ...(pageParam === undefined ? {} : { before: pageParam }) },
        { signal },
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ deliveries }) => deliveries.some((each) => each.state === "pending")) ? soon : later,
  })
  const deliveries = log.data?.pages.flatMap((page) => page.deliveries)
  const nameOf = (id: number) => webhooks.find((webhook) => webhook.id === id)?.name ?? ""
  return (
    <SectionCard title={say("log")} description={say("logHint")} list={log} rows={{ count: 4, className: "h-10" }}>
      {deliveries?.length === 0 && <EmptyState icon={<Inbox aria-hidden />} title={say("nothingSent")} />}
      {deliveries !== undefined && deliveries.length > 0 && (
        <ol aria-label={say("log")} className="divide-y border-t">
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} name={nameOf(delivery.webhookId)} onOpen={setShown} />
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
      <DeliveryDialog
        delivery={shown}
        name={shown === undefined ? "" : nameOf(shown.webhookId)}
        onClose={() => setShown(undefined)}
      />
    </SectionCard>
  )
}
