"use client"

import type { Job, JobState } from "@entrepot/client"
import { Ban, CircleCheck, CircleX, Clock3, Hourglass, LoaderCircle } from "lucide-react"
import { useTranslations } from "next-intl"
import { Badge, type Tone } from "../../components/ui/badge.tsx"

const looks = {
  queued: { tone: "neutral", icon: <Clock3 aria-hidden /> },
  waiting: { tone: "warning", icon: <Hourglass aria-hidden /> },
  running: { tone: "primary", icon: <LoaderCircle aria-hidden className="motion-safe:animate-spin" /> },
  succeeded: { tone: "success", icon: <CircleCheck aria-hidden /> },
  failed: { tone: "danger", icon: <CircleX aria-hidden /> },
  cancelled: { tone: "neutral", icon: <Ban aria-hidden /> },
} satisfies Record<JobState, { readonly tone: Tone; readonly icon: React.ReactNode }>

/** Where a job stands, as an icon and a word. */
export function JobStateBadge({ job }: { readonly job: Pick<Job, "state" | "cancelRequested"> }) {
  const say = useTranslations("jobs")
  const { tone, icon } = looks[job.state]
  const leaving = job.cancelRequested && (job.state === "running" || job.state === "queued" || job.state === "waiting")
  return (
    <Badge tone={tone}>
      {icon}
      {leaving ? say("cancelling") : say(`state.${job.state}`)}
    </Badge>
  )
}
