"use client"

import { EntrepotError } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "../../connection/trpc.ts"

/** Who is logged in. `open`: somebody who may do what the role says; `mustChange`: the default token, which changes itself first. */
export function useMe() {
  const trpc = useTRPC()
  const query = useQuery(trpc.accounts.me.queryOptions(undefined, { staleTime: 60_000 }))
  const loggedOut = query.error instanceof EntrepotError && query.error.httpStatus === 401
  const state = loggedOut ? "none" : query.data === undefined ? "unknown" : query.data.mustChange ? "mustChange" : "open"
  return {
    state,
    /** Undefined until somebody is known to be logged in. */
    me: loggedOut ? undefined : query.data,
    /** Why it cannot be told. */
    error: loggedOut || query.data !== undefined ? undefined : (query.error ?? undefined),
    again: () => void query.refetch(),
  } as const
}
