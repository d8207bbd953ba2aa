"use client"

import { formatBytes, formatDuration, type Progress as JobProgress } from "@entrepot/core/progress"
import { useTranslations } from "next-intl"
import { Progress } from "../../components/ui/progress.tsx"
import { figuresAt } from "./layers.ts"

interface TotalBarProps {
  readonly progress: JobProgress
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number
  readonly state: "moving" | "resting" | "succeeded" | "failed"
}

const tones = { moving: "primary", resting: "neutral", succeeded: "success", failed: "danger" } as const

/** How much of the whole image has arrived, how fast, and how long it will take. */
export function TotalBar({ progress, now, state }: TotalBarProps) {
  const say = useTranslations("job")
  const figures = figuresAt(progress, now)
  const { settledBytes, totalBytes, share, bytesPerSecond: speed, remainingMs } = figures
  const amount = say("amount", { done: formatBytes(settledBytes), total: formatBytes(totalBytes) })
  const moves = state === "moving" && share < 1
  const counts = (["sent", "present", "mounted"] as const).filter((name) => figures[name] > 0)
  return (
    <div className="space-y-1.5">
      <Progress
        value={share}
        max={1}
        tone={tones[state]}
        label={say("progress")}
        valueText={`${amount}, ${Math.floor(share * 100)}%`}
        className="h-3"
      />
      <p className="flex flex-wrap justify-between gap-x-4 gap-y-0.5 text-sm tabular-nums">
        <span>
          <span className="font-medium">{Math.floor(share * 100)}%</span>
          <span className="text-muted-foreground"> · {amount}</span>
        </span>
        <span className="flex flex-wrap gap-x-3 text-muted-foreground">
          {counts.map((name) => (
            <span key={name}>{say(`counts.${name}`, { count: figures[name] })}</span>
          ))}
          {moves && speed !== undefined && <span>{speed < 1 ? say("stalled") : say("rate", { rate: formatBytes(speed) })}</span>}
          {moves && remainingMs !== undefined && <span>{say("remaining", { time: formatDuration(remainingMs) })}</span>}
        </span>
      </p>
    </div>
  )
}
