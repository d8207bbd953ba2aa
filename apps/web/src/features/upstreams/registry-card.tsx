"use client"

import type { Upstream } from "@entrepot/client"
import { Plus } from "lucide-react"
import { useTranslations } from "next-intl"
import { useLayoutEffect, useRef } from "react"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import type { RegistryUpstreams } from "./upstream-order.ts"
import { UpstreamRow } from "./upstream-row.tsx"
import { useDrag } from "./use-drag.ts"
import type { OrderUpstreams } from "./use-order.ts"

interface RegistryCardProps {
  readonly group: RegistryUpstreams
  readonly onOrder: OrderUpstreams
  readonly onAdd: () => void
  readonly onEdit: (upstream: Upstream) => void
  readonly onRemove: (upstream: Upstream) => void
}

/** The upstreams of one registry, the first to be asked at the top; put in order by dragging, by buttons, or by arrow keys on the handle. */
export function RegistryCard({ group, onOrder, onAdd, onEdit, onRemove }: RegistryCardProps) {
  const say = useTranslations("upstreams")
  const { registry, upstreams } = group
  const list = useRef<HTMLOListElement>(null)
  const held = useRef<HTMLElement>(null)
  const order = upstreams.map(({ id }) => id).join(" ")
  const shown = useRef(order)
  const { dragged, gap, startDrag } = useDrag(list, (from, to) => onOrder(group, from, to))
  const firstMovable = upstreams.filter(({ pinned }) => pinned).length

  function move(from: number, to: number): void {
    held.current = document.activeElement instanceof HTMLElement ? document.activeElement : null
    onOrder(group, from, to)
  }

  // What has the focus loses it when its row is taken to another place.
  useLayoutEffect(() => {
    if (shown.current === order) return
    shown.current = order
    if (document.activeElement === document.body && held.current?.isConnected) held.current.focus()
    held.current = null
  })

  return (
    <Card aria-label={registry}>
      <CardHeader className="pb-3">
        <CardTitle className="min-w-0 font-mono break-all">{registry}</CardTitle>
        <Button variant="ghost" size="small" onClick={onAdd}>
          <Plus aria-hidden />
          {say("addHere")}
          <span className="sr-only">{registry}</span>
        </Button>
      </CardHeader>
      <ol ref={list} className="divide-y border-t">
        {upstreams.map((upstream, place) => (
          <UpstreamRow
            key={upstream.id}
            upstream={upstream}
            place={place + 1}
            count={upstreams.length}
            isDragged={dragged === place}
            mark={gap === place ? "above" : gap === upstreams.length && place === gap - 1 ? "below" : undefined}
            canMoveUp={place > firstMovable}
            canMoveDown={place < upstreams.length - 1}
            onMoveUp={() => move(place, place - 1)}
            onMoveDown={() => move(place, place + 2)}
            onGrab={(event) => startDrag(event, place)}
            onEdit={() => onEdit(upstream)}
            onRemove={() => onRemove(upstream)}
          />
        ))}
      </ol>
    </Card>
  )
}
