"use client"

import { Network } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Card, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { PendingRows } from "../../components/ui/pending-rows.tsx"
import { pathOf } from "./place-path.ts"
import { RepositoryCount } from "./repository-count.tsx"
import { useRegistryPlace } from "./use-registry.ts"

/** The registries that are read through, with what is kept of each. */
export function CachedRegistries() {
  const say = useTranslations("projects")
  const { data: place, error, refetch } = useRegistryPlace()
  return (
    <Card aria-label={say("cached")} className="min-w-0">
      <CardHeader>
        <CardTitle>{say("cached")}</CardTitle>
      </CardHeader>
      <p className="px-4 pt-1 pb-4 text-sm text-muted-foreground sm:px-6">{say("cachedHint")}</p>
      {error !== null && place === undefined && (
        <div className="px-4 pb-4 sm:px-6">
          <Problem error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {error === null && place === undefined && <PendingRows count={5} className="h-8" />}
      {place?.registries.length === 0 && (
        <EmptyState icon={<Network aria-hidden />} title={say("noRegistries")}>
          <p>{say("noRegistriesHint")}</p>
        </EmptyState>
      )}
      {place !== undefined && place.registries.length > 0 && (
        <ul className="divide-y border-t">
          {place.registries.map((registry) => (
            <li key={registry} className="flex flex-wrap items-center justify-between gap-x-4 px-4 py-2.5 text-sm sm:px-6">
              <Link
                href={pathOf(registry)}
                className="inline-flex min-h-6 min-w-0 items-center font-mono font-medium wrap-anywhere text-primary underline-offset-4 hover:underline"
              >
                {registry}
              </Link>
              <div className="text-muted-foreground">
                <RepositoryCount registry={registry} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
