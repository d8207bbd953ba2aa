"use client"

import type { Job } from "@entrepot/client"
import { KeyRound, RotateCw, Trash2, X } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Button } from "../../components/ui/button.tsx"
import { jobControls, type Role } from "./job-controls.ts"

/** What a row can do with its job. */
export interface RowActions {
  readonly retry: (job: Job) => void
  readonly cancel: (job: Job) => void
  /** Asks before it does. */
  readonly remove: (job: Job) => void
}

interface RowButtonsProps {
  readonly job: Job
  readonly role: Role | undefined
  readonly busy: boolean
  readonly actions: RowActions
}

/** A job's buttons in a list, each named for the job. */
export function RowButtons({ job, role, busy, actions }: RowButtonsProps) {
  const say = useTranslations("jobs")
  const controls = jobControls(job, role)
  const named = { name: job.source }
  const look = { variant: "ghost", size: "icon", disabled: busy, "aria-busy": busy } as const
  return (
    <div className="flex justify-end">
      {controls.login && (
        <Button asChild variant="ghost" size="icon">
          <Link href={`/jobs/${job.id}`} prefetch={false} aria-label={say("loginJob", named)} title={say("login")}>
            <KeyRound aria-hidden />
          </Link>
        </Button>
      )}
      {controls.retry && (
        <Button {...look} aria-label={say("retryJob", named)} title={say("retry")} onClick={() => actions.retry(job)}>
          <RotateCw aria-hidden />
        </Button>
      )}
      {controls.cancel && (
        <Button {...look} aria-label={say("cancelJob", named)} title={say("cancel")} onClick={() => actions.cancel(job)}>
          <X aria-hidden />
        </Button>
      )}
      {controls.remove && (
        <Button {...look} aria-label={say("removeJob", named)} title={say("remove")} onClick={() => actions.remove(job)}>
          <Trash2 aria-hidden />
        </Button>
      )}
    </div>
  )
}
