"use client"

import type { Job } from "@entrepot/client"
import { useMutation } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "../../connection/trpc.ts"
import { useQueue } from "./live-queue.tsx"

/** Retrying, cancelling and removing jobs. One at a time for each job; what fails is told by `error`, until it was seen. */
export function useJobActions() {
  const trpc = useTRPC()
  const { tell, forget } = useQueue()
  const [busy, setBusy] = useState<ReadonlySet<number>>(new Set())
  const [error, setError] = useState<Error>()
  const retry = useMutation(trpc.jobs.retry.mutationOptions())
  const cancel = useMutation(trpc.jobs.cancel.mutationOptions())
  const remove = useMutation(trpc.jobs.remove.mutationOptions())

  const act = async (job: Job, change: () => Promise<Job | undefined>) => {
    setBusy((ids) => new Set(ids).add(job.id))
    try {
      const after = await change()
      if (after === undefined) forget(job)
      else tell(after)
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error(String(problem)))
    } finally {
      setBusy((ids) => new Set([...ids].filter((id) => id !== job.id)))
    }
  }

  return {
    retry: (job: Job) => act(job, () => retry.mutateAsync({ id: job.id })),
    cancel: (job: Job) => act(job, () => cancel.mutateAsync({ id: job.id })),
    remove: (job: Job) =>
      act(job, async () => {
        await remove.mutateAsync({ id: job.id })
        return undefined
      }),
    isBusy: (job: Job) => busy.has(job.id),
    /** Why the last one was not done. */
    error,
    forgetError: () => setError(undefined),
  } as const
}

export type JobActions = ReturnType<typeof useJobActions>
