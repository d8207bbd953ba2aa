"use client"

import { formatDuration } from "@entrepot/core/progress"
import { Ban, Check, CircleDashed, LoaderCircle, Minus, Pause, X } from "lucide-react"
import { useTranslations } from "next-intl"
import { memo } from "react"
import { classNames } from "../../components/class-names.ts"
import type { Step, StepState } from "./steps.ts"

const looks: Readonly<Record<StepState, { readonly icon: typeof Check; readonly circle: string }>> = {
  waiting: { icon: CircleDashed, circle: "border-border text-muted-foreground" },
  running: { icon: LoaderCircle, circle: "border-primary bg-primary-soft text-primary" },
  done: { icon: Check, circle: "border-success bg-success-soft text-success" },
  failed: { icon: X, circle: "border-danger bg-danger-soft text-danger" },
  stopped: { icon: Ban, circle: "border-border bg-muted text-muted-foreground" },
  paused: { icon: Pause, circle: "border-warning bg-warning-soft text-warning" },
  skipped: { icon: Minus, circle: "border-border text-muted-foreground" },
}

interface StageRailProps {
  readonly steps: readonly Step[]
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number
}

/** The stages of the engine one after the other: which are over, which is under way, and for how long. */
export const StageRail = memo(function StageRail({ steps, now }: StageRailProps) {
  const say = useTranslations("job")
  return (
    <ol aria-label={say("stages")} className="flex">
      {steps.map(({ stage, state, startedAt, endedAt }, place) => {
        const { icon: Icon, circle } = looks[state]
        const time = startedAt === undefined ? undefined : formatDuration((endedAt ?? now) - startedAt)
        return (
          <li key={stage} aria-current={state === "running" ? "step" : undefined} className="relative min-w-0 flex-1 text-center">
            {place > 0 && (
              <span
                aria-hidden
                className={classNames(
                  "absolute top-4 right-1/2 left-[-50%] mx-5 h-0.5",
                  state === "waiting" || state === "skipped" ? "bg-border" : "bg-success",
                )}
              />
            )}
            <span className={classNames("mx-auto grid size-8 place-items-center rounded-full border-2", circle)}>
              <Icon aria-hidden className={classNames("size-4", state === "running" && "animate-spin")} />
            </span>
            <span className={classNames("mt-1 block text-sm", state === "running" && "font-medium")}>
              {say(`stage.${stage}`)}
            </span>
            <span className="block text-xs text-muted-foreground tabular-nums">
              <span className={state === "done" ? "sr-only" : undefined}>{say(`step.${state}`)}</span>
              {time !== undefined && state !== "paused" && (
                <>
                  {state !== "done" && <span aria-hidden> · </span>} {time}
                </>
              )}
            </span>
          </li>
        )
      })}
    </ol>
  )
})
