"use client"

import type { Job, JobState } from "@entrepot/client"
import { Copy, RotateCcw, Square, Trash2 } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Button } from "../../components/ui/button.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import type { JobActions } from "./use-job-actions.ts"
import { isOver } from "./watched-job.ts"

interface JobButtonsProps {
  readonly job: Job
  readonly state: JobState
  readonly actions: JobActions
}

/** What can be done with a job as it stands: cancel, retry, the same again, remove. */
export function JobButtons({ job, state, actions }: JobButtonsProps) {
  const say = useTranslations("job")
  const [asks, setAsks] = useState(false)
  const { cancel, retry, remove, mayChange } = actions
  if (!mayChange) return null
  const over = isOver(state)
  const cancelling = cancel.isPending || (job.cancelRequested && !over)
  return (
    <div className="flex flex-wrap items-center gap-2">
      {!over && (
        <Button variant="outline" size="small" disabled={cancelling} aria-busy={cancelling} onClick={cancel.run}>
          <Square aria-hidden />
          {say(cancelling ? "cancelling" : "cancel")}
        </Button>
      )}
      {(state === "failed" || state === "cancelled") && (
        <Button size="small" disabled={retry.isPending} aria-busy={retry.isPending} onClick={() => retry.run()}>
          <RotateCcw aria-hidden />
          {say("retry")}
        </Button>
      )}
      {over && job.kind === "mirror" && (
        <Button asChild variant="outline" size="small">
          <Link href={{ pathname: "/", query: { image: job.source, target: job.target } }}>
            <Copy aria-hidden />
            {say("mirrorAgain")}
          </Link>
        </Button>
      )}
      {over && (
        <Button variant="ghost" size="icon" aria-label={say("remove")} title={say("remove")} onClick={() => setAsks(true)}>
          <Trash2 aria-hidden />
        </Button>
      )}
      <ConfirmDialog
        open={asks}
        title={say("removeTitle", { id: job.id })}
        action={say("remove")}
        busy={remove.isPending}
        onConfirm={remove.run}
        onClose={() => setAsks(false)}
      >
        <p>{say("removeText")}</p>
      </ConfirmDialog>
    </div>
  )
}
