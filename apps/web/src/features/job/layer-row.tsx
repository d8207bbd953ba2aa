"use client"

import { type BlobProgress, formatBytes } from "@entrepot/core/progress"
import { useTranslations } from "next-intl"
import { memo } from "react"
import { classNames } from "../../components/class-names.ts"
import { Progress } from "../../components/ui/progress.tsx"
import { type LayerState, speedAt } from "./layers.ts"

const tones: Readonly<Record<LayerState, "primary" | "success" | "warning" | "danger" | "neutral">> = {
  waiting: "neutral",
  present: "neutral",
  mounted: "neutral",
  copying: "primary",
  retrying: "warning",
  done: "success",
  skipped: "neutral",
  failed: "danger",
}

const words: Readonly<Record<LayerState, string>> = {
  waiting: "text-muted-foreground",
  present: "text-muted-foreground",
  mounted: "text-muted-foreground",
  copying: "text-foreground",
  retrying: "text-warning",
  done: "text-success",
  skipped: "text-muted-foreground",
  failed: "text-danger",
}

interface LayerRowProps {
  readonly layer: BlobProgress
  /** Milliseconds since 1970 by the server's clock; 0 for a layer whose rate nobody asks for. */
  readonly now: number
}

/** One layer: its name, how much of it has arrived, how fast, and what is happening to it. */
export const LayerRow = memo(function LayerRow({ layer, now }: LayerRowProps) {
  const say = useTranslations("job")
  const { label, digest, state, size, offset, samples, connections, resumedAt } = layer
  const moves = state === "copying" || state === "retrying"
  const isThere = state === "present" || state === "mounted" || state === "done"
  const speed = state === "copying" ? speedAt(samples, now) : undefined
  const amount = moves ? say("amount", { done: formatBytes(offset), total: formatBytes(size) }) : formatBytes(size)
  const details = [
    speed === undefined ? undefined : speed < 1 ? say("stalled") : say("rate", { rate: formatBytes(speed) }),
    moves && connections > 1 ? say("connections", { count: connections }) : undefined,
    resumedAt === undefined || isThere ? undefined : say("resumed", { size: formatBytes(resumedAt) }),
  ].filter((detail) => detail !== undefined)
  return (
    <li className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 py-2 text-sm sm:grid-cols-[7.5rem_1fr_10rem_auto]">
      <span className="truncate font-mono text-xs" title={digest}>
        {label}
      </span>
      <Progress
        value={isThere ? size : offset}
        max={size}
        tone={tones[state]}
        label={say("layerProgress", { layer: label })}
        valueText={`${say(`layer.${state}`)}, ${amount}`}
        className="order-last col-span-2 h-1.5 sm:order-none sm:col-span-1"
      />
      <span className="text-right text-xs text-muted-foreground tabular-nums sm:order-none">{amount}</span>
      <span className="col-span-2 flex flex-wrap gap-x-2 text-xs sm:col-span-1 sm:w-40 sm:justify-end">
        <span className={classNames("font-medium", words[state])}>{say(`layer.${state}`)}</span>
        {details.map((detail) => (
          <span key={detail} className="text-muted-foreground tabular-nums">
            {detail}
          </span>
        ))}
      </span>
    </li>
  )
})
