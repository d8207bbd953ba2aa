"use client"

import type { Job } from "@entrepot/client"
import { formatDuration } from "@entrepot/core/progress"
import { useFormatter, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Alert } from "../../components/ui/alert.tsx"

interface JobWaitingProps {
  readonly reason: Job["waitReason"] | undefined
  /** Milliseconds since 1970, by the server's clock. */
  readonly until: number | null | undefined
  readonly now: number
  /** What can be done about it here. */
  readonly children?: ReactNode
}

/** What a job waits for, and how long it will. */
export function JobWaiting({ reason, until, now, children }: JobWaitingProps) {
  const say = useTranslations("job")
  const format = useFormatter()
  if (reason === "credentials") {
    return (
      <Alert tone="warning">
        <p className="font-medium">{say("wait.credentials")}</p>
        <p>{say("wait.credentialsHint")}</p>
        {children}
      </Alert>
    )
  }
  const left = until === null || until === undefined ? 0 : until - now
  return (
    // It counts down: nobody wants to hear each second.
    <Alert tone="warning" role="group">
      <p className="font-medium">{say("wait.rateLimit")}</p>
      <p className="tabular-nums">
        {left <= 0 || !until
          ? say("wait.soon")
          : say("wait.until", {
              time: format.dateTime(until, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
              remaining: formatDuration(left),
            })}
      </p>
      {children}
    </Alert>
  )
}
