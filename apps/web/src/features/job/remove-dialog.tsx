"use client"

import type { Job } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import type { JobActions } from "./use-job-actions.ts"

interface RemoveDialogProps {
  readonly open: boolean
  readonly job: Job
  /** Of a batch: how many go with it. */
  readonly jobs: number | undefined
  readonly action: JobActions["remove"]
  readonly onClose: () => void
}

/** Asks before a job and its log are forgotten. */
export function RemoveDialog({ open, job, jobs, action, onClose }: RemoveDialogProps) {
  const say = useTranslations("job")
  return (
    <ConfirmDialog
      open={open}
      title={say("removeTitle", { id: job.id })}
      action={say("remove")}
      busy={action.isPending}
      onConfirm={action.run}
      onClose={onClose}
    >
      <p>{jobs === undefined ? say("removeText") : say("removeBatchText", { count: jobs })}</p>
      {action.error && <Problem error={action.error} />}
    </ConfirmDialog>
  )
}
