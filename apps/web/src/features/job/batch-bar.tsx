"use client"

import type { BatchSummary, JobState } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Progress } from "../../components/ui/progress.tsx"

/** In the order in which a job goes through them. */
const order: readonly JobState[] = ["queued", "waiting", "running", "succeeded", "failed", "cancelled"]

/** How much of a batch is over, and how many of its jobs are in which state. */
export function BatchBar({ summary }: { readonly summary: BatchSummary }) {
  const say = useTranslations("job")
  const all = order.reduce((sum, state) => sum + summary[state], 0)
  const over = summary.succeeded + summary.failed + summary.cancelled
  const amount = say("batchAmount", { done: over, total: all })
  const tone = over < all ? "primary" : summary.failed > 0 ? "danger" : summary.cancelled > 0 ? "neutral" : "success"
  return (
    <div className="space-y-1.5">
      <Progress value={over} max={all} tone={tone} label={say("batchProgress")} valueText={amount} className="h-3" />
      <p className="flex flex-wrap justify-between gap-x-4 gap-y-0.5 text-sm tabular-nums">
        <span className="font-medium">{amount}</span>
        <span className="flex flex-wrap gap-x-3 text-muted-foreground">
          {order
            .filter((state) => summary[state] > 0)
            .map((state) => (
              <span key={state}>{say(`batchCount.${state}`, { count: summary[state] })}</span>
            ))}
        </span>
      </p>
    </div>
  )
}
