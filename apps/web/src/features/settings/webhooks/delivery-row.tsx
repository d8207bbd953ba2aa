"use client"

import type { Delivery } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { memo } from "react"
import { formatTime } from "../../../components/time/format-time.ts"
import { Button } from "../../../components/ui/button.tsx"
import { DeliveryOutcome } from "./delivery-outcome.tsx"
import { eventWord } from "./event-word.ts"

interface DeliveryRowProps {
  readonly delivery: Delivery
  /** Of the webhook. */
  readonly name: string
  readonly onOpen: (delivery: Delivery) => void
}

/** One message: of what, to whom, and how it fared. */
export const DeliveryRow = memo(function DeliveryRow({ delivery, name, onOpen }: DeliveryRowProps) {
  const say = useTranslations("webhooks")
  const { event, createdAt, attempts, nextAt } = delivery
  return (
    <li className="grid items-center gap-x-4 gap-y-1 px-4 py-3 text-sm sm:grid-cols-[auto_minmax(0,1fr)_auto] sm:px-6">
      <time dateTime={new Date(createdAt).toISOString()} className="text-muted-foreground tabular-nums">
        {formatTime(createdAt)}
      </time>
      <div className="min-w-0 space-y-1">
        <p className="flex flex-wrap gap-x-2">
          <span className="font-medium">{say(`events.${eventWord(event)}`)}</span>
          <span className="min-w-0 break-all text-muted-foreground">{name}</span>
        </p>
        <DeliveryOutcome delivery={delivery} />
        <p className="flex flex-wrap gap-x-3 text-xs text-muted-foreground tabular-nums">
          <span>{say("attempts", { count: attempts })}</span>
          {nextAt !== null && <span>{say("nextTry", { when: formatTime(nextAt) })}</span>}
        </p>
      </div>
      <Button variant="outline" size="small" className="justify-self-start" onClick={() => onOpen(delivery)}>
        {say("details")}
      </Button>
    </li>
  )
})
