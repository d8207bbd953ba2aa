"use client"

import { formatBytes } from "@entrepot/core/progress"
import { ClipboardList, Layers } from "lucide-react"
import { useTranslations } from "next-intl"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { BatchRowList } from "./batch-row-list.tsx"
import { type BatchRow, longestBatch } from "./batch-rows.ts"
import { sumPlans } from "./sum-plans.ts"
import type { RowPlan } from "./use-row-plans.ts"

interface BatchPlanProps {
  readonly rows: readonly BatchRow[]
  /** How many were taken out. */
  readonly removed: number
  readonly plans: ReadonlyMap<string, RowPlan>
  readonly onAsk: () => void
  readonly onRemove: (text: string) => void
  readonly onRestore: () => void
}

/** What will be done, image by image, before it is done. */
export function BatchPlan({ rows, removed, plans, onAsk, onRemove, onRestore }: BatchPlanProps) {
  const say = useTranslations("batch")
  const wrong = rows.filter(({ problem, collidesWith }) => problem !== undefined || collidesWith.length > 0).length
  const sum = sumPlans(rows, plans)
  return (
    <Card>
      <CardHeader>
        <CardTitle>
          <ClipboardList aria-hidden />
          {say("plan")}
        </CardTitle>
        <div className="flex flex-wrap items-center gap-2">
          {removed > 0 && (
            <Button variant="ghost" size="small" onClick={onRestore}>
              {say("restore", { count: removed })}
            </Button>
          )}
          <Button
            variant="outline"
            size="small"
            disabled={rows.length === 0 || sum.asking > 0}
            aria-busy={sum.asking > 0}
            onClick={onAsk}
          >
            {say("ask")}
          </Button>
        </div>
      </CardHeader>
      <CardContent className="grid gap-4">
        {rows.length === 0 ? (
          <EmptyState icon={<Layers aria-hidden />} title={say("empty")}>
            <p>{say("emptyHint")}</p>
          </EmptyState>
        ) : (
          <>
            <p role="status" className="text-sm text-muted-foreground tabular-nums">
              {say("count", { count: rows.length })}
              {sum.known > 0 && ` · ${say("sum", { bytes: formatBytes(sum.bytes), unchanged: sum.unchanged })}`}
            </p>
            {wrong > 0 && <Alert tone="warning">{say("wrong", { count: wrong })}</Alert>}
            {rows.length > longestBatch && <Alert tone="warning">{say("tooMany", { most: longestBatch })}</Alert>}
            <BatchRowList rows={rows} plans={plans} onRemove={onRemove} />
          </>
        )}
      </CardContent>
    </Card>
  )
}
