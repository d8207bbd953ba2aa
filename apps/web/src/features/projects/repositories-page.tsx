"use client"

import { Boxes, SearchX } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Card } from "../../components/ui/card.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { Field } from "../../components/ui/field.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { PendingRows } from "../../components/ui/pending-rows.tsx"
import { SearchBox } from "../../components/ui/search-box.tsx"
import { CommandLine } from "./command-line.tsx"
import { MoreButton } from "./more-button.tsx"
import { PlaceTrail } from "./place-trail.tsx"
import { PushHint } from "./push-hint.tsx"
import { RepositoryTable } from "./repository-table.tsx"
import { useRegistryPlace, useRepositories } from "./use-registry.ts"

interface RepositoriesPageProps {
  readonly kind: "project" | "registry"
  readonly name: string
}

/** The repositories of a project, or those kept of a registry that is read through. */
export function RepositoriesPage({ kind, name }: RepositoriesPageProps) {
  const say = useTranslations("projects")
  const [search, setSearch] = useState("")
  const host = useRegistryPlace().data?.host ?? "…"
  const { list, repositories } = useRepositories({ [kind]: name, ...(search === "" ? {} : { search }) })
  return (
    <>
      <div className="space-y-1">
        <PlaceTrail repository={name} />
        <PageHeader title={<span className="font-mono break-all">{name}</span>} description={say(`${kind}Hint`)} />
      </div>
      <Field label={say("search")} className="max-w-md">
        {(control) => <SearchBox control={control} value={search} placeholder={say("searchHint")} onSearch={setSearch} />}
      </Field>
      {list.error && repositories === undefined && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {(list.isPending || repositories !== undefined) && (
        <Card>
          {list.isPending && (
            <div className="pt-5">
              <PendingRows count={5} className="h-10" />
            </div>
          )}
          {repositories?.length === 0 && search !== "" && (
            <EmptyState icon={<SearchX aria-hidden />} title={say("nothingFound", { search })} />
          )}
          {repositories?.length === 0 && search === "" && (
            <EmptyState icon={<Boxes aria-hidden />} title={say(`${kind}Empty`)}>
              {kind === "project" ? (
                <PushHint project={name} />
              ) : (
                <div className="grid w-full gap-2 text-left">
                  <p>{say("pullHint")}</p>
                  <CommandLine command={`docker pull ${host}/${name}/IMAGE`} label={say("copyPull", { client: "docker" })} />
                </div>
              )}
            </EmptyState>
          )}
          {repositories !== undefined && repositories.length > 0 && <RepositoryTable within={name} repositories={repositories} />}
          <MoreButton list={list} />
        </Card>
      )}
    </>
  )
}
