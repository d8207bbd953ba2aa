"use client"

import type { ReactNode } from "react"
import { Problem } from "../../components/problem.tsx"
import { Card, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { PendingRows } from "../../components/ui/pending-rows.tsx"

interface SectionCardProps {
  readonly title: string
  readonly description: string
  /** What can be added to the list. */
  readonly action?: ReactNode
  readonly list: { readonly error: unknown; readonly isPending: boolean; readonly refetch: () => unknown }
  /** While it is on its way: how many rows, and each one's height. */
  readonly rows: { readonly count: number; readonly className: string }
  readonly children: ReactNode
}

/** A list among the settings: what it is, and its rows once they are there, or why they are not. */
export function SectionCard({ title, description, action, list, rows, children }: SectionCardProps) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>{title}</CardTitle>
        {action}
      </CardHeader>
      <p className="px-4 pt-1 pb-4 text-sm text-muted-foreground sm:px-6">{description}</p>
      {list.error !== null && (
        <div className="px-4 pb-4 sm:px-6">
          <Problem error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      {list.isPending && <PendingRows count={rows.count} className={rows.className} />}
      {children}
    </Card>
  )
}
