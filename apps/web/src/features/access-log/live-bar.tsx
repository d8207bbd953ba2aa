"use client"

import { ArrowUp, Pause, Play } from "lucide-react"
import { useTranslations } from "next-intl"
import { classNames } from "../../components/class-names.ts"
import { Button } from "../../components/ui/button.tsx"
import type { Connection } from "./use-live-news.ts"

interface LiveBarProps {
  /** `off`: the filter ends in the past. */
  readonly state: Connection | "paused" | "off"
  /** Entries that are held back. */
  readonly count: number
  /** There are more of them than are counted. */
  readonly isFull: boolean
  readonly onPause: (paused: boolean) => void
  /** Shows them, from the list's beginning. */
  readonly onShow: () => void
}

const dots = {
  live: "bg-success",
  paused: "bg-muted-foreground",
  broken: "bg-warning",
  ended: "bg-danger",
  off: "bg-muted-foreground",
}

/** Whether the list is live, and what has come while it is held; stays in the window while the list is scrolled. */
export function LiveBar({ state, count, isFull, onPause, onShow }: LiveBarProps) {
  const say = useTranslations("accessLog.live")
  const isPaused = state === "paused"
  return (
    <div className="sticky top-14 z-20 flex min-h-12 items-center justify-between gap-3 rounded-t-lg border-b bg-card px-4 py-1.5 lg:top-0">
      <p className="flex min-w-0 items-center gap-2 text-sm">
        <span aria-hidden className={classNames("size-2 shrink-0 rounded-full", dots[state])} />
        <span role="status">{say(`states.${state}`)}</span>
      </p>
      <div className="flex shrink-0 items-center gap-2">
        {count > 0 && (
          <Button variant="outline" size="small" className="tabular-nums" onClick={onShow}>
            <ArrowUp aria-hidden />
            {say(isFull ? "manyNew" : "new", { count })}
          </Button>
        )}
        {state !== "off" && state !== "ended" && (
          <Button variant="outline" size="small" onClick={() => onPause(!isPaused)}>
            {isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
            {say(isPaused ? "goOn" : "pause")}
          </Button>
        )}
      </div>
    </div>
  )
}
