"use client"

import type { Job, JobState } from "@entrepot/client"
import { useMutation } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useMemo } from "react"
import { useTRPC } from "../../connection/trpc.ts"
import { jobControls } from "../jobs/job-controls.ts"
import { useQueue } from "../jobs/live-queue.tsx"
import { useMe } from "../session/use-me.ts"

export interface Login {
  readonly username: string
  readonly password: string
}

/** By the side that they are for. */
export interface Logins {
  readonly source?: Login
  readonly target?: Login
}

/** What this person can do with a job as it stands, and what came of it. */
export function useJobActions(job: Job, state: JobState) {
  const trpc = useTRPC()
  const { tell, forget } = useQueue()
  const router = useRouter()
  const { me } = useMe()
  const { id } = job
  const cancel = useMutation(trpc.jobs.cancel.mutationOptions({ onSuccess: tell }))
  // A password is remembered no longer than the question that it was part of.
  const retry = useMutation(trpc.jobs.retry.mutationOptions({ onSuccess: tell, gcTime: 0 }))
  const remove = useMutation(
    trpc.jobs.remove.mutationOptions({
      onSuccess: () => {
        router.push("/jobs")
        forget(job)
      },
    }),
  )
  const { role } = me ?? {}
  // The panel is drawn with every frame of a running job, and its buttons are not.
  return useMemo(
    () => ({
      may: jobControls({ ...job, state }, role),
      /** Whether this person changes anything at all. */
      mayChange: role !== undefined && role !== "viewer",
      /** A copy from or to a file is repeated where the file is. */
      isRepeatable: job.kind === "batch" || [job.request.source, job.request.target].every(isInRegistry),
      cancel: { isPending: cancel.isPending, error: cancel.error, run: () => cancel.mutate({ id }) },
      retry: { isPending: retry.isPending, error: retry.error, run: (logins: Logins = {}) => retry.mutate({ id, ...logins }) },
      remove: { isPending: remove.isPending, error: remove.error, run: () => remove.mutate({ id }) },
    }),
    [
      job,
      state,
      role,
      id,
      cancel.mutate,
      cancel.isPending,
      cancel.error,
      retry.mutate,
      retry.isPending,
      retry.error,
      remove.mutate,
      remove.isPending,
      remove.error,
    ],
  )
}

export type JobActions = ReturnType<typeof useJobActions>

/** Whether a transport string leads to a registry. */
function isInRegistry(place: string): boolean {
  return place.startsWith("docker://")
}
