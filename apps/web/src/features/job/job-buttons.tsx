"use client"

import type { Job, JobState } from "@entrepot/client"
import { Copy, RotateCw, Square, Trash2 } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Button } from "../../components/ui/button.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import { isEnded } from "../jobs/job-controls.ts"
import { RemoveDialog } from "./remove-dialog.tsx"
import type { JobActions } from "./use-job-actions.ts"

interface JobButtonsProps {
  readonly job: Job
  readonly state: JobState
  readonly actions: JobActions
  /** Of a batch: its jobs in all, and those that can be tried again. */
  readonly batch?: { readonly jobs: number; readonly retryable: number } | undefined
  /** A form below asks for a login, and does the same with it. */
  readonly asksLogin: boolean
}

/** What can be done with a job as it stands: cancel, retry, the same again, remove. */
export function JobButtons({ job, state, actions, batch, asksLogin }: JobButtonsProps) {
  const say = useTranslations("job")
  const [asks, setAsks] = useState<"cancel" | "remove">()
  const { cancel, retry, may, mayChange, isRepeatable } = actions
  if (!mayChange) return null
  const over = isEnded({ state })
  const cancelling = cancel.isPending || (job.cancelRequested && !over)
  const retries = batch === undefined ? may.retry && state !== "waiting" : batch.retryable > 0
  return (
    <div className="flex flex-wrap items-center gap-2">
      {!over && (
        <Button
          variant="outline"
          size="small"
          disabled={cancelling}
          aria-busy={cancelling}
          onClick={() => (batch === undefined ? cancel.run() : setAsks("cancel"))}
        >
          <Square aria-hidden />
          {say(cancelling ? "cancelling" : batch === undefined ? "cancel" : "cancelAll")}
        </Button>
      )}
      {retries && isRepeatable && (
        <Button
          variant={asksLogin ? "outline" : "primary"}
          size="small"
          disabled={retry.isPending}
          aria-busy={retry.isPending}
          onClick={() => retry.run()}
        >
          <RotateCw aria-hidden />
          {batch === undefined ? say("retry") : say("retryFailed", { count: batch.retryable })}
        </Button>
      )}
      {over && isRepeatable && batch === undefined && (
        <Button asChild variant="outline" size="small">
          <Link
            href={{ pathname: "/", query: { image: job.source, ...(job.targetId === null ? {} : { target: job.targetId }) } }}
          >
            <Copy aria-hidden />
            {say("mirrorAgain")}
          </Link>
        </Button>
      )}
      {may.remove && (
        <Button variant="ghost" size="icon" aria-label={say("remove")} title={say("remove")} onClick={() => setAsks("remove")}>
          <Trash2 aria-hidden />
        </Button>
      )}
      <RemoveDialog
        open={asks === "remove"}
        job={job}
        jobs={batch?.jobs}
        action={actions.remove}
        onClose={() => setAsks(undefined)}
      />
      <ConfirmDialog
        open={asks === "cancel"}
        title={say("cancelAllTitle")}
        action={say("cancelAll")}
        onConfirm={() => {
          cancel.run()
          setAsks(undefined)
        }}
        onClose={() => setAsks(undefined)}
      >
        <p>{say("cancelAllText")}</p>
      </ConfirmDialog>
    </div>
  )
}
