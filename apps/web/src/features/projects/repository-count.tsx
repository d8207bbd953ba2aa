"use client"

import { useQuery } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"

/** More are not counted: they are only looked at one page after another. */
const most = 100

/** How many repositories a project has, or what is kept of a registry. */
export function RepositoryCount(within: { readonly project: string } | { readonly registry: string }) {
  const say = useTranslations("projects")
  const trpc = useTRPC()
  const { data, isPending } = useQuery(trpc.registry.repositories.queryOptions({ ...within, limit: most }, { staleTime: 30_000 }))
  if (isPending) return <Skeleton className="h-5 w-24" />
  if (data === undefined) return null
  const count = data.repositories.length
  return (
    <span className="tabular-nums">
      {data.next === null ? say("repositories", { count }) : say("moreRepositories", { count })}
    </span>
  )
}
