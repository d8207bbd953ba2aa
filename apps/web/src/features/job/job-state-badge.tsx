import type { JobState } from "@entrepot/client"
import { Ban, CircleCheck, CircleX, Clock, Hourglass, LoaderCircle } from "lucide-react"
import { useTranslations } from "next-intl"
import { Badge, type Tone } from "../../components/ui/badge.tsx"

const looks: Readonly<Record<JobState, { readonly tone: Tone; readonly icon: typeof Clock }>> = {
  queued: { tone: "neutral", icon: Clock },
  waiting: { tone: "warning", icon: Hourglass },
  running: { tone: "primary", icon: LoaderCircle },
  succeeded: { tone: "success", icon: CircleCheck },
  failed: { tone: "danger", icon: CircleX },
  cancelled: { tone: "neutral", icon: Ban },
}

interface JobStateBadgeProps {
  readonly state: JobState
  /** It succeeded without anything to do. */
  readonly unchanged?: boolean
}

/** Where a job stands, in a word. */
export function JobStateBadge({ state, unchanged = false }: JobStateBadgeProps) {
  const say = useTranslations("job")
  const { tone, icon: Icon } = looks[state]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={state === "running" ? "animate-spin" : undefined} />
      {unchanged && state === "succeeded" ? say("unchanged") : say(`state.${state}`)}
    </Badge>
  )
}
