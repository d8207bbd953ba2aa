"use client"

import type { Job } from "@entrepot/client"
import { formatDuration } from "@entrepot/core/progress"
import { useEffect, useState } from "react"
import { durationOf } from "./job-amounts.ts"

/** How long a job took; of a running one it grows by the second. */
export function JobDuration({ job }: { readonly job: Pick<Job, "startedAt" | "endedAt" | "state"> }) {
  const [now, setNow] = useState(() => Date.now())
  const ticks = job.state === "running"

  useEffect(() => {
    if (!ticks) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [ticks])

  const duration = durationOf(job, now)
  return duration === undefined ? "–" : formatDuration(ticks ? Math.floor(duration / 1_000) * 1_000 : duration)
}
