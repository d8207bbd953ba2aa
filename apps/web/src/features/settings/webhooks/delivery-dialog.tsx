"use client"

import type { Delivery } from "@entrepot/client"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Send } from "lucide-react"
import { useTranslations } from "next-intl"
import { Problem } from "../../../components/problem.tsx"
import { formatTime } from "../../../components/time/format-time.ts"
import { Button } from "../../../components/ui/button.tsx"
import { Dialog } from "../../../components/ui/dialog.tsx"
import { Skeleton } from "../../../components/ui/skeleton.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { DeliveryOutcome } from "./delivery-outcome.tsx"
import { readableBody } from "./delivery-view.ts"
import { eventWord } from "./event-word.ts"

interface DeliveryDialogProps {
  /** Undefined: nothing is shown. */
  readonly delivery: Delivery | undefined
  /** Of the webhook. */
  readonly name: string
  readonly onClose: () => void
}

/** One message with what was sent, which can be sent again once it has ended. */
export function DeliveryDialog({ delivery, name, onClose }: DeliveryDialogProps) {
  const say = useTranslations("webhooks")
  return (
    <Dialog
      open={delivery !== undefined}
      onClose={onClose}
      title={delivery === undefined ? "" : `${say(`events.${eventWord(delivery.event)}`)} · ${name}`}
      className="max-w-2xl"
    >
      {delivery && <DeliveryDetail id={delivery.id} onSent={onClose} />}
    </Dialog>
  )
}

function DeliveryDetail({ id, onSent }: { readonly id: number; readonly onSent: () => void }) {
  const say = useTranslations("webhooks")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const detail = useQuery(trpc.webhooks.delivery.queryOptions({ id }))
  const again = useMutation(
    trpc.webhooks.redeliver.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.webhooks.pathKey() })
        onSent()
      },
    }),
  )
  if (detail.error) return <Problem error={detail.error} onRetry={() => void detail.refetch()} />
  if (detail.data === undefined) return <Skeleton className="h-64" />
  const { state, attempts, createdAt, endedAt, nextAt, durationMs, error, body } = detail.data
  const facts: readonly (readonly [label: string, value: string])[] = [
    [say("madeAt"), formatTime(createdAt)],
    ...(endedAt === null ? [] : [[say("endedAt"), formatTime(endedAt)] as const]),
    ...(nextAt === null ? [] : [[say("nextAt"), formatTime(nextAt)] as const]),
    [say("tries"), String(attempts)],
    ...(durationMs === null ? [] : [[say("duration"), say("milliseconds", { count: Math.round(durationMs) })] as const]),
  ]
  return (
    <div className="grid min-w-0 gap-4">
      <div className="grid gap-1">
        <DeliveryOutcome delivery={detail.data} />
        {error !== null && <p className="font-mono text-xs break-words text-muted-foreground">{error}</p>}
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm tabular-nums">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted-foreground">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="grid min-w-0 gap-1.5">
        <h3 className="text-sm font-medium">{say("body")}</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
        <section tabIndex={0} aria-label={say("body")} className="max-h-80 overflow-auto rounded-md bg-muted px-3 py-2">
          <pre className="font-mono text-xs leading-relaxed">{readableBody(body)}</pre>
        </section>
      </div>
      {again.error && <Problem error={again.error} />}
      <div className="flex justify-end">
        <Button
          variant="outline"
          disabled={state === "pending" || again.isPending}
          aria-busy={again.isPending}
          onClick={() => again.mutate({ id })}
        >
          <Send aria-hidden />
          {say("sendAgain")}
        </Button>
      </div>
    </div>
  )
}
