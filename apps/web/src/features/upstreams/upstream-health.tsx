"use client"

import type { Upstream } from "@entrepot/client"
import { describeError, type ErrorCode, errorCodes } from "@entrepot/core/errors"
import { CircleAlert, CircleCheck, CircleDashed, CircleOff, PauseCircle, RotateCw } from "lucide-react"
import { useFormatter, useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { formatTime } from "../../components/time/format-time.ts"
import { Badge, type Tone } from "../../components/ui/badge.tsx"
import { isScarce, type Standing, standingOf } from "./upstream-standing.ts"

const looks: Readonly<Record<Standing, { readonly tone: Tone; readonly icon: ReactNode }>> = {
  off: { tone: "neutral", icon: <CircleOff aria-hidden /> },
  unasked: { tone: "neutral", icon: <CircleDashed aria-hidden /> },
  works: { tone: "success", icon: <CircleCheck aria-hidden /> },
  failed: { tone: "warning", icon: <CircleAlert aria-hidden /> },
  resting: { tone: "danger", icon: <PauseCircle aria-hidden /> },
  trying: { tone: "warning", icon: <RotateCw aria-hidden /> },
}

/** How an upstream stands, what went wrong last, how fast it answers, and how many pulls it still allows. */
export function UpstreamHealth({ upstream }: { readonly upstream: Upstream }) {
  const say = useTranslations("upstreams")
  const format = useFormatter()
  const { health } = upstream
  const standing = standingOf(upstream)
  const { tone, icon } = looks[standing]
  const fails = standing === "failed" || standing === "resting" || standing === "trying"
  return (
    <div className="space-y-1.5 text-sm">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Badge tone={tone}>
          {icon}
          {standing === "resting" && health?.retryAt
            ? say("standing.restingUntil", { time: format.dateTime(health.retryAt, { timeStyle: "medium" }) })
            : say(`standing.${standing}`)}
        </Badge>
        {health?.pulls && (
          <Badge tone={isScarce(health.pulls) ? "warning" : "neutral"}>
            {say("pulls", { ...health.pulls, hours: health.pulls.windowS / 3600 })}
          </Badge>
        )}
        {health?.latencyMs != null && (
          <span className="text-muted-foreground tabular-nums">{say("latency", { ms: health.latencyMs })}</span>
        )}
        {health?.lastSuccessAt != null && (
          <span className="text-muted-foreground tabular-nums">
            {say("lastSuccess", { time: formatTime(health.lastSuccessAt) })}
          </span>
        )}
      </p>
      {fails && health?.lastError && <LastError text={health.lastError} at={health.lastFailureAt} />}
    </div>
  )
}

/** The sentence of its code, and what exactly was met. */
function LastError({ text, at }: { readonly text: string; readonly at: number | null }) {
  const say = useTranslations("upstreams")
  const locale = useLocale()
  const code = codeOf(text)
  return (
    <div className="space-y-0.5 rounded-md border border-danger/30 bg-danger-soft px-3 py-2">
      <p className="break-words">
        {code === undefined ? say("failed") : describeError({ code }, locale)}
        {at !== null && <span className="text-muted-foreground tabular-nums"> · {formatTime(at)}</span>}
      </p>
      <p className="font-mono text-xs break-all text-muted-foreground">{text}</p>
    </div>
  )
}

/** `network: connection refused by …` begins with its code. */
function codeOf(text: string): ErrorCode | undefined {
  const word = text.slice(0, Math.max(0, text.indexOf(":")))
  return errorCodes.find((code) => code === word)
}
