"use client"

import type { Delivery } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Badge } from "../../../components/ui/badge.tsx"
import { deliveryTone, errorCode } from "./delivery-view.ts"

/** How a message fared: its state, what it was answered, and why that was no good. Everything in it is text. */
export function DeliveryOutcome({ delivery }: { readonly delivery: Pick<Delivery, "state" | "status" | "error"> }) {
  const say = useTranslations("webhooks")
  const { state, status, error } = delivery
  // One that was tried and goes on waiting.
  const word = state === "pending" && error !== null ? "retrying" : state
  const code = error === null ? undefined : errorCode(error)
  return (
    <span className="inline-flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <Badge tone={deliveryTone(state)}>{say(`states.${word}`)}</Badge>
      {status !== null && <span className="text-xs text-muted-foreground tabular-nums">HTTP {status}</span>}
      {error !== null && (
        <span className="min-w-0 text-sm break-words text-muted-foreground">
          {code === undefined ? error : say(`errors.${code}`)}
        </span>
      )}
    </span>
  )
}
