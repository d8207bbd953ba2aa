"use client"

import type { CareRun } from "@entrepot/client"
import { Play, Square } from "lucide-react"
import { useFormatter, useTranslations } from "next-intl"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Progress } from "../../components/ui/progress.tsx"
import { progressOf } from "./care-run.ts"
import { FindingList } from "./finding-list.tsx"

interface CareCardProps {
  readonly kind: CareRun["kind"]
  /** The run that goes on; undefined: none does. */
  readonly running: CareRun | undefined
  readonly isBusy: boolean
  readonly onStart: () => void
  readonly onStop: (id: number) => void
}

/** One kind of look: what it does, its button, and how far it is while it goes on. */
export function CareCard({ kind, running, isBusy, onStart, onStop }: CareCardProps) {
  const say = useTranslations("cache")
  const format = useFormatter()
  const progress = running && progressOf(running)
  return (
    <Card aria-label={say(`kinds.${kind}.title`)} className="flex flex-col">
      <CardHeader>
        <CardTitle>{say(`kinds.${kind}.title`)}</CardTitle>
      </CardHeader>
      <p className="flex-1 px-4 pt-1 text-sm text-muted-foreground sm:px-6">{say(`kinds.${kind}.what`)}</p>
      <div className="grid content-end lg:min-h-36 gap-2 px-4 pt-2 pb-4 sm:px-6 sm:pb-5">
        {running && <FindingList run={running} />}
        {progress && (
          <Progress
            value={progress.value}
            max={progress.max}
            label={say(`kinds.${kind}.title`)}
            valueText={say("progress", { done: format.number(progress.value), total: format.number(progress.max) })}
          />
        )}
        {running === undefined ? (
          <Button variant="outline" disabled={isBusy} aria-busy={isBusy} onClick={onStart}>
            <Play aria-hidden />
            {say(`kinds.${kind}.start`)}
          </Button>
        ) : (
          <Button variant="outline" disabled={isBusy} aria-busy={isBusy} onClick={() => onStop(running.id)}>
            <Square aria-hidden />
            {say(`kinds.${kind}.stop`)}
          </Button>
        )}
      </div>
    </Card>
  )
}
