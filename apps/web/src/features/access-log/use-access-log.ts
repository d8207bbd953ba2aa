"use client"

import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query"
import { useCallback, useMemo } from "react"
import { useEntrepot } from "../../connection/entrepot-provider.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import type { AccessLogQuestion } from "./access-filter.ts"
import { entriesOf, type LogPage } from "./log-pages.ts"

type Pages = InfiniteData<LogPage, number | undefined>

const newest: number | undefined = undefined
const none: readonly LogPage[] = []

/** Entries of the access log, page after page: what was written last comes first. What is written from now on is added by `change`. */
export function useAccessLog(question: AccessLogQuestion) {
  const trpc = useTRPC()
  const client = useEntrepot()
  const queries = useQueryClient()
  const queryKey = useMemo(() => [...trpc.accessLog.list.pathKey(), { input: question, type: "infinite" }], [trpc, question])
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      client.accessLog.list.query(pageParam === undefined ? question : { ...question, before: pageParam }, { signal }),
    initialPageParam: newest,
    getNextPageParam: ({ next }) => next ?? undefined,
    // The stream brings what is new; asking for all pages anew would bring nothing else.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    structuralSharing: false,
    placeholderData: (previous: Pages | undefined) => previous,
  })
  const { refetch } = list
  const pages = list.data?.pages ?? none
  const change = useCallback(
    (changed: (pages: readonly LogPage[]) => readonly LogPage[]) => {
      if (queries.getQueryState(queryKey)?.fetchStatus === "fetching") return false
      queries.setQueryData<Pages>(queryKey, (known) => {
        if (known === undefined) return undefined
        const after = changed(known.pages)
        return after === known.pages ? known : { pages: [...after], pageParams: known.pageParams.slice(0, after.length) }
      })
      return true
    },
    [queries, queryKey],
  )
  return {
    entries: useMemo(() => entriesOf(pages), [pages]),
    /** Entries that the server could not write since it started. */
    dropped: pages[0]?.dropped ?? 0,
    isPending: list.isPending,
    /** These are the entries of the question before. */
    isPlaceholder: list.isPlaceholderData,
    error: list.error ?? undefined,
    fetchNextPage: () => void list.fetchNextPage(),
    hasNextPage: list.hasNextPage,
    isFetchingNextPage: list.isFetchingNextPage,
    /** Changes what is known, unless more of it is on its way: then false, and nothing is changed. */
    change,
    /** Asks for the beginning of the list anew, unless something is on its way: then false. */
    beginAnew: useCallback(() => {
      const begins = change((known) => known.slice(0, 1))
      if (begins) void refetch()
      return begins
    }, [change, refetch]),
  } as const
}
