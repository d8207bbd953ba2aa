"use client"

import { useTranslations } from "next-intl"
import { memo, useEffect, useState } from "react"
import { BatchRowItem } from "./batch-row-item.tsx"
import type { BatchRow } from "./batch-rows.ts"
import { rowsToDraw } from "./rows-to-draw.ts"
import type { RowPlan } from "./use-row-plans.ts"

/** New rows in one frame: drawing a thousand at once would keep the page from answering. */
const atOnce = 50
const none: ReadonlySet<string> = new Set()

interface BatchRowListProps {
  readonly rows: readonly BatchRow[]
  readonly plans: ReadonlyMap<string, RowPlan>
  readonly onRemove: (text: string) => void
}

/** The images of a batch, in a window of their own; many of them come in over some frames. */
export const BatchRowList = memo(function BatchRowList({ rows, plans, onRemove }: BatchRowListProps) {
  const say = useTranslations("batch")
  const [drawn, setDrawn] = useState(none)
  const count = rowsToDraw(rows, drawn, atOnce)

  useEffect(() => {
    const now = rows.slice(0, count).map(({ text }) => text)
    if (now.every((text) => drawn.has(text))) return
    const frame = requestAnimationFrame(() => setDrawn(new Set(now)))
    return () => cancelAnimationFrame(frame)
  }, [rows, count, drawn])

  return (
    <ul className="max-h-[40rem] divide-y overflow-y-auto rounded-md border" aria-label={say("plan")}>
      {rows.slice(0, count).map((row) => (
        <BatchRowItem key={row.text} row={row} plan={plans.get(row.source ?? "")} onRemove={onRemove} />
      ))}
    </ul>
  )
})
