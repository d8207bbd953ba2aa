"use client"

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { useEntrepot } from "../../connection/entrepot-provider.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { useMe } from "../session/use-me.ts"

const first: string | undefined = undefined

/** Rows of one page: each tag is asked about, and the application takes twenty questions at once. */
const rows = { repositories: 50, tags: 20, manifests: 20 }

/** Repositories of a project or of a registry, in the order of their names, page after page. */
export function useRepositories(query: { readonly project?: string; readonly registry?: string; readonly search?: string }) {
  const trpc = useTRPC()
  const client = useEntrepot()
  const list = useInfiniteQuery({
    queryKey: [...trpc.registry.repositories.pathKey(), { input: query, type: "infinite" }],
    queryFn: ({ pageParam, signal }) =>
      client.registry.repositories.query(askedAfter(query, rows.repositories, pageParam), { signal }),
    initialPageParam: first,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const { data } = list
  return { list, repositories: useMemo(() => data?.pages.flatMap((page) => page.repositories), [data]) } as const
}

/** Tags of a repository, in the order of their names. */
export function useTags(query: { readonly repository: string; readonly search?: string }) {
  const trpc = useTRPC()
  const client = useEntrepot()
  const list = useInfiniteQuery({
    queryKey: [...trpc.registry.tags.pathKey(), { input: query, type: "infinite" }],
    queryFn: ({ pageParam, signal }) => client.registry.tags.query(askedAfter(query, rows.tags, pageParam), { signal }),
    initialPageParam: first,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const { data } = list
  return { list, tags: useMemo(() => data?.pages.flatMap((page) => page.tags), [data]) } as const
}

/** Manifests of a repository, tagged or not, in the order of their digests; asked for once somebody wants to see them. */
export function useManifests(repository: string, isWanted: boolean) {
  const trpc = useTRPC()
  const client = useEntrepot()
  const query = { repository }
  const list = useInfiniteQuery({
    queryKey: [...trpc.registry.manifests.pathKey(), { input: query, type: "infinite" }],
    queryFn: ({ pageParam, signal }) => client.registry.manifests.query(askedAfter(query, rows.manifests, pageParam), { signal }),
    initialPageParam: first,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: isWanted,
  })
  const { data } = list
  return { list, manifests: useMemo(() => data?.pages.flatMap((page) => page.manifests), [data]) } as const
}

/** One image with what it is made of, by tag or digest; nothing is asked without. */
export function useImage(repository: string, reference: string | undefined) {
  const trpc = useTRPC()
  return useQuery(
    trpc.registry.image.queryOptions(
      { repository, reference: reference ?? "" },
      { enabled: reference !== undefined, staleTime: 30_000 },
    ),
  )
}

/** Where the registry is, for commands, and what it reads through. */
export function useRegistryPlace() {
  const trpc = useTRPC()
  return useQuery(trpc.registry.place.queryOptions(undefined, { staleTime: 60_000 }))
}

/** Whether whoever looks may make and change projects. */
export function useIsAdmin(): boolean {
  return useMe().me?.role === "admin"
}

function askedAfter<Query>(query: Query, limit: number, after: string | undefined) {
  return { ...query, limit, ...(after === undefined ? {} : { after }) }
}
