"use client"

import type { Job } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { useTRPC } from "../../connection/trpc.ts"
import { useMe } from "../session/use-me.ts"

/** What can be done with a job, and whether this person may. */
export function useJobActions(job: Job) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const router = useRouter()
  const { me } = useMe()
  const { id } = job
  const onSuccess = (changed: Job) => queries.setQueryData(trpc.jobs.get.queryKey({ id }), changed)
  const cancel = useMutation(trpc.jobs.cancel.mutationOptions({ onSuccess }))
  const retry = useMutation(trpc.jobs.retry.mutationOptions({ onSuccess }))
  const remove = useMutation(
    trpc.jobs.remove.mutationOptions({
      onSuccess: () => {
        router.push("/jobs")
        void queries.invalidateQueries(trpc.jobs.list.pathFilter())
      },
    }),
  )
  return {
    mayChange: me !== undefined && me.role !== "viewer" && (me.role === "admin" || me.userId === job.ownerId),
    cancel: { ...stateOf(cancel), run: () => cancel.mutate({ id }) },
    retry: { ...stateOf(retry), run: (logins: Logins = {}) => retry.mutate({ id, ...logins }) },
    remove: { ...stateOf(remove), run: () => remove.mutate({ id }) },
  }
}

export type JobActions = ReturnType<typeof useJobActions>

export interface Login {
  readonly username: string
  readonly password: string
}

/** By the side that they are for. */
export interface Logins {
  readonly source?: Login
  readonly target?: Login
}

function stateOf({ isPending, error }: { readonly isPending: boolean; readonly error: unknown }) {
  return { isPending, error }
}
