"use client"

import type { Webhook } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Send } from "lucide-react"
import { useTranslations } from "next-intl"
import { EditButtons } from "../../../components/edit-buttons.tsx"
import { Problem } from "../../../components/problem.tsx"
import { formatTime } from "../../../components/time/format-time.ts"
import { Badge } from "../../../components/ui/badge.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { DeliveryOutcome } from "./delivery-outcome.tsx"
import { eventWord } from "./event-word.ts"

interface WebhookRowProps {
  readonly webhook: Webhook
  readonly onEdit: () => void
  readonly onRemove: () => void
}

/** Who is told of what, how the last message fared, and a message to try it with. */
export function WebhookRow({ webhook, onEdit, onRemove }: WebhookRowProps) {
  const say = useTranslations("webhooks")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const test = useMutation(
    trpc.webhooks.test.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.webhooks.pathKey() }),
    }),
  )
  const { last } = webhook
  return (
    <li aria-label={webhook.name} className="space-y-2 px-4 py-3 sm:px-6">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium break-all">{webhook.name}</span>
        <Badge>{say(`formats.${webhook.format}`)}</Badge>
        {!webhook.enabled && <Badge tone="warning">{say("disabled")}</Badge>}
      </p>
      <p className="font-mono text-sm break-all text-muted-foreground">{webhook.host}</p>
      <p className="flex flex-wrap gap-1.5">
        {webhook.events.map((event) => (
          <Badge key={event}>{say(`events.${eventWord(event)}`)}</Badge>
        ))}
      </p>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted-foreground">
        {last === null ? (
          say("neverSent")
        ) : (
          <>
            {last.endedAt !== null && say("lastSent", { when: formatTime(last.endedAt) })}
            <DeliveryOutcome delivery={last} />
          </>
        )}
      </p>
      <div role="status">
        {test.data && (
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-md border px-3 py-2 text-sm">
            {say("tested")}
            <DeliveryOutcome delivery={test.data} />
          </p>
        )}
      </div>
      {test.error && <Problem error={test.error} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="outline"
          size="small"
          disabled={test.isPending}
          aria-busy={test.isPending}
          onClick={() => test.mutate({ id: webhook.id })}
        >
          <Send aria-hidden />
          {say(test.isPending ? "testing" : "test")}
        </Button>
        <EditButtons onEdit={onEdit} onRemove={onRemove} />
      </div>
    </li>
  )
}
