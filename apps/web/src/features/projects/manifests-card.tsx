"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Card } from "../../components/ui/card.tsx"
import { Disclosure } from "../../components/ui/disclosure.tsx"
import { PendingRows } from "../../components/ui/pending-rows.tsx"
import { ManifestRow } from "./manifest-row.tsx"
import { MoreButton } from "./more-button.tsx"
import { useManifests } from "./use-registry.ts"

/** Every manifest of a repository, also those that no tag points at; folded away, since few people need them. */
export function ManifestsCard({ repository }: { readonly repository: string }) {
  const say = useTranslations("projects")
  const [isOpen, setOpen] = useState(false)
  const { list, manifests } = useManifests(repository, isOpen)
  return (
    <Card aria-label={say("manifests")}>
      <Disclosure
        summary={say("manifests")}
        className="px-4 py-3 sm:px-6"
        onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      >
        <p className="text-sm text-muted-foreground">{say("manifestsHint")}</p>
        {list.error && manifests === undefined && <Problem error={list.error} onRetry={() => void list.refetch()} />}
        {isOpen && list.isPending && <PendingRows count={3} className="h-8" />}
        {manifests !== undefined && (
          <ul aria-label={say("manifests")} className="divide-y rounded-md border">
            {manifests.map((manifest) => (
              <ManifestRow key={manifest.digest} repository={repository} manifest={manifest} />
            ))}
          </ul>
        )}
        <MoreButton list={list} />
      </Disclosure>
    </Card>
  )
}
