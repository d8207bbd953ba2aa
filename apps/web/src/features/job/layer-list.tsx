"use client"

import type { Progress } from "@entrepot/core/progress"
import { useTranslations } from "next-intl"
import { useMemo, useState } from "react"
import { classNames } from "../../components/class-names.ts"
import { Button } from "../../components/ui/button.tsx"
import { LayerRow } from "./layer-row.tsx"
import { layerRows, mostLayers } from "./layers.ts"

interface LayerListProps {
  readonly blobs: Progress["blobs"]
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number
  /** More of them are going to move: the place of those that do at once is kept. */
  readonly moves: boolean
}

/** A bar for each layer; of many, those at rest are counted until somebody wants to see them. */
export function LayerList({ blobs, now, moves }: LayerListProps) {
  const say = useTranslations("job")
  const [showAll, setShowAll] = useState(false)
  const { shown, folded } = useMemo(() => layerRows(blobs, showAll), [blobs, showAll])
  if (blobs.size === 0) return null
  return (
    <section aria-label={say("layers")}>
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h2 className="text-sm font-medium">{say("layers")}</h2>
        {blobs.size > mostLayers && (
          <Button variant="link" size="small" aria-expanded={showAll} onClick={() => setShowAll(!showAll)} className="min-h-6">
            {showAll ? say("showFewerLayers") : say("showAllLayers", { count: blobs.size })}
          </Button>
        )}
      </div>
      {folded.length > 0 && (
        <p className="py-1 text-sm text-muted-foreground tabular-nums">
          {folded.map(([state, count]) => say(`folded.${state}`, { count })).join(" · ")}
        </p>
      )}
      <ul className={classNames("divide-y", folded.length > 0 && moves && "min-h-60 sm:min-h-50")}>
        {shown.map((layer) => (
          <LayerRow key={layer.digest} layer={layer} now={layer.state === "copying" ? now : 0} />
        ))}
      </ul>
    </section>
  )
}
