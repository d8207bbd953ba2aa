"use client"

import type { Job } from "@entrepot/client"
import { useMutation } from "@tanstack/react-query"
import { useCallback, useState } from "react"
import { useTRPC } from "../../connection/trpc.ts"
import { useQueue } from "./live-queue.tsx"

/** Retrying, cancelling and removing jobs. One at a time for each job; what fails is told by `error`, until it was seen. */
export function useListActions() {
  const trpc = useTRPC()
  const { tell, forget } = useQueue()
  const [busy, setBusy] = useState<ReadonlySet<number>>(new Set())
  const [error, setError] = useState<Error>()
  const { mutateAsync: retryJob } = useMutation(trpc.jobs.retry.mutationOptions())
  const { mutateAsync: cancelJob } = useMutation(trpc.jobs.cancel.mutationOptions())
  const { mutateAsync: removeJob } = useMutation(trpc.jobs.remove.mutationOptions())

  const act = useCallback(async (job: Job, change: () => Promise<void>) => {
    setBusy((ids) => new Set(ids).add(job.id))
    try {
      await change()
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error(String(problem)))
    } finally {
      setBusy((ids) => new Set([...ids].filter((id) => id !== job.id)))
    }
  }, [])
  const retry = useCallback((job: Job) => act(job, async () => tell(await retryJob({ id: job.id }))), [act, tell, retryJob])
  const cancel = useCallback((job: Job) => act(job, async () => tell(await cancelJob({ id: job.id }))), [act, tell, cancelJob])
  const remove = useCallback(
    (job: Job) =>
      act(job, async () => {
        await removeJob({ id: job.id })
        forget(job)
      }),
    [act, forget, removeJob],
  )

  return {
    retry,
    cancel,
    remove,
    isBusy: (job: Job) => busy.has(job.id),
    /** Why the last one was not done. */
    error,
    forgetError: () => setError(undefined),
  } as const
}

export type ListActions = ReturnType<typeof useListActions>
