"use client"

import { formatBytes } from "@entrepot/core/progress"
import { X } from "lucide-react"
import { useTranslations } from "next-intl"
import { memo } from "react"
import { useSentence } from "../../components/problem.tsx"
import { Badge } from "../../components/ui/badge.tsx"
import { Button } from "../../components/ui/button.tsx"
import type { BatchRow } from "./batch-rows.ts"
import type { RowPlan } from "./use-row-plans.ts"

interface BatchRowItemProps {
  readonly row: BatchRow
  readonly plan: RowPlan | undefined
  readonly onRemove: (text: string) => void
}

/** One image of a batch: what it is, what it becomes, where it was found, what would move. */
export const BatchRowItem = memo(function BatchRowItem({ row, plan, onRemove }: BatchRowItemProps) {
  const say = useTranslations("batch")
  const { text, lines, where, source, target, problem, collidesWith } = row
  const places = where.filter((place) => place !== "")
  return (
    <li className="flex items-start gap-3 px-3 py-2.5 [content-visibility:auto] [contain-intrinsic-size:auto_4.5rem]">
      <div className="min-w-0 flex-1 text-sm">
        <p className="font-mono break-all">{source ?? text}</p>
        {target !== undefined && <p className="font-mono break-all text-muted-foreground">→ {target}</p>}
        <p className="text-xs text-muted-foreground">
          {say("lines", { lines: lines.join(", ") })}
          {places.length > 0 && ` · ${places.join(", ")}`}
        </p>
        {problem && (
          <>
            <p className="text-danger">{problem.sentence}</p>
            {problem.suggestion !== undefined && <p>{say("suggestion", { name: problem.suggestion })}</p>}
            {problem.hint !== undefined && <p>{problem.hint}</p>}
          </>
        )}
        {collidesWith.length > 0 && <p className="text-danger">{say("collides", { others: collidesWith.join(", ") })}</p>}
        <PlanNote plan={plan} />
      </div>
      <Button variant="ghost" size="icon" aria-label={say("remove", { image: source ?? text })} onClick={() => onRemove(text)}>
        <X aria-hidden />
      </Button>
    </li>
  )
})

function PlanNote({ plan }: { readonly plan: RowPlan | undefined }) {
  const say = useTranslations("batch")
  const sentence = useSentence()
  if (plan === undefined) return null
  if (plan.state === "asking") return <p className="mt-1 text-xs text-muted-foreground">{say("asking")}</p>
  if (plan.state === "failed") return <p className="mt-1 text-danger">{sentence(plan.error)}</p>
  return plan.unchanged ? (
    <Badge tone="success" className="mt-1">
      {say("unchanged")}
    </Badge>
  ) : (
    <Badge tone="primary" className="mt-1 tabular-nums">
      {say("moves", { bytes: formatBytes(plan.totalBytes) })}
    </Badge>
  )
}
