"use client"

import type { HistoryQuery, Job, JobPage } from "@entrepot/client"
import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { useEntrepot } from "../../connection/entrepot-provider.tsx"
import { useTRPC } from "../../connection/trpc.ts"

/** Which jobs a list shows; `limit` is the length of a page, 1 to 200. */
export type JobListQuery = Omit<HistoryQuery, "before">

const none: readonly Job[] = []
const newest: number | undefined = undefined

interface JobListOptions {
  /** Shows the jobs of the query before, until those of this one are there. */
  readonly keepsPrevious?: boolean
}

/**
 * Jobs of the history, newest first, page after page, kept up to date by the live queue around the page. Equal queries share what is known. A page may
 * bring nothing though others follow, where something is searched for: only `hasNextPage` tells.
 */
export function useJobList(query: JobListQuery, { keepsPrevious = false }: JobListOptions = {}) {
  const trpc = useTRPC()
  const client = useEntrepot()
  const list = useInfiniteQuery({
    queryKey: [...trpc.jobs.list.pathKey(), { input: query, type: "infinite" }],
    queryFn: ({ pageParam, signal }) =>
      client.jobs.list.query(pageParam === undefined ? query : { ...query, before: pageParam }, { signal }),
    initialPageParam: newest,
    getNextPageParam: ({ next }) => next ?? undefined,
    // The live queue brings what changes; asking for all pages anew would bring nothing else.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    structuralSharing: false,
    placeholderData: (previous: InfiniteData<JobPage, number | undefined> | undefined) => (keepsPrevious ? previous : undefined),
  })
  const { data } = list
  const jobs = useMemo(() => data?.pages.flatMap((page) => page.jobs) ?? none, [data])
  return {
    jobs,
    isPending: list.isPending,
    /** These are the jobs of the query before. */
    isPlaceholder: list.isPlaceholderData,
    /** Why there are no jobs, or not the next ones. */
    error: list.error ?? undefined,
    refetch: () => void list.refetch(),
    fetchNextPage: () => void list.fetchNextPage(),
    hasNextPage: list.hasNextPage,
    isFetchingNextPage: list.isFetchingNextPage,
  } as const
}
