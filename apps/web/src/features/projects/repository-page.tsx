"use client"

import { EntrepotError, type RepositoryTag } from "@entrepot/client"
import { PackageOpen, SearchX, Trash2 } from "lucide-react"
import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { Field } from "../../components/ui/field.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { PendingRows } from "../../components/ui/pending-rows.tsx"
import { SearchBox } from "../../components/ui/search-box.tsx"
import { ManifestsCard } from "./manifests-card.tsx"
import { MoreButton } from "./more-button.tsx"
import { pathOf, splitRepository } from "./place-path.ts"
import { PlaceTrail } from "./place-trail.tsx"
import { RemoveDialog } from "./remove-dialog.tsx"
import { TagRow } from "./tag-row.tsx"
import { useImage, useIsAdmin, useTags } from "./use-registry.ts"

/** A repository: its tags, each with the command that pulls it, and its manifests. */
export function RepositoryPage({ repository }: { readonly repository: string }) {
  const say = useTranslations("projects")
  const router = useRouter()
  const [search, setSearch] = useState("")
  const [removedTag, setRemovedTag] = useState<RepositoryTag>()
  const [isRemoving, setRemoving] = useState(false)
  const { list, tags } = useTags({ repository, ...(search === "" ? {} : { search }) })
  const isMissing = list.error instanceof EntrepotError && list.error.code === "not_found"
  return (
    <>
      <div className="space-y-1">
        <PlaceTrail repository={repository} />
        <PageHeader
          title={<span className="font-mono break-all">{splitRepository(repository).rest}</span>}
          description={say("repositoryHint")}
        >
          {tags !== undefined && <RemovalOfAll tag={tags[0]} repository={repository} onRemove={() => setRemoving(true)} />}
        </PageHeader>
      </div>
      {isMissing ? (
        <Card>
          <EmptyState icon={<PackageOpen aria-hidden />} title={say("repositoryMissing")}>
            <p>{say("repositoryMissingHint")}</p>
          </EmptyState>
        </Card>
      ) : (
        list.error && tags === undefined && <Problem error={list.error} onRetry={() => void list.refetch()} />
      )}
      {(list.isPending || tags !== undefined) && (
        <Card aria-label={say("tags")}>
          <CardHeader>
            <CardTitle>{say("tags")}</CardTitle>
            <Field label={<span className="sr-only">{say("searchTags")}</span>} className="w-full sm:w-64">
              {(control) => <SearchBox control={control} value={search} placeholder={say("searchTags")} onSearch={setSearch} />}
            </Field>
          </CardHeader>
          <div className="pt-4">
            {list.isPending && <PendingRows count={3} className="h-24" />}
            {tags?.length === 0 && (
              <EmptyState
                icon={search === "" ? <PackageOpen aria-hidden /> : <SearchX aria-hidden />}
                title={search === "" ? say("noTags") : say("nothingFound", { search })}
              >
                {search === "" && <p>{say("noTagsHint")}</p>}
              </EmptyState>
            )}
            {tags !== undefined && tags.length > 0 && (
              <ul aria-label={say("tags")} className="divide-y border-t">
                {tags.map((tag) => (
                  <TagRow key={tag.name} repository={repository} tag={tag} onRemove={setRemovedTag} />
                ))}
              </ul>
            )}
            <MoreButton list={list} />
          </div>
        </Card>
      )}
      {tags !== undefined && <ManifestsCard repository={repository} />}
      <RemoveDialog
        what={removedTag && { kind: "tag", repository, tag: removedTag.name, digest: removedTag.digest }}
        onClose={() => setRemovedTag(undefined)}
      />
      <RemoveDialog
        what={isRemoving ? { kind: "repository", repository } : undefined}
        onClose={() => setRemoving(false)}
        onRemoved={() => router.replace(pathOf(splitRepository(repository).within))}
      />
    </>
  )
}

interface RemovalOfAllProps {
  readonly repository: string
  /** One of its tags: whoever may remove its image may remove all. */
  readonly tag: RepositoryTag | undefined
  readonly onRemove: () => void
}

function RemovalOfAll({ repository, tag, onRemove }: RemovalOfAllProps) {
  const say = useTranslations("projects")
  const mayRemove = useMayRemove(repository, tag?.digest)
  if (!mayRemove) return null
  return (
    <Button variant="outline" size="small" className="text-danger" onClick={onRemove}>
      <Trash2 aria-hidden />
      {say("removeRepository")}
    </Button>
  )
}

function useMayRemove(repository: string, digest: string | undefined): boolean {
  const isAdmin = useIsAdmin()
  const image = useImage(repository, digest)
  return isAdmin || image.data?.removable === true
}
