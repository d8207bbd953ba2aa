"use client"

import type { Repository } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { EyeOff } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Badge } from "../../components/ui/badge.tsx"
import { Age } from "./age.tsx"
import { pathOf } from "./place-path.ts"

interface RepositoryTableProps {
  /** The project or registry that all of them belong to. */
  readonly within: string
  readonly repositories: readonly Repository[]
}

/** Repositories with what is here of each. */
export function RepositoryTable({ within, repositories }: RepositoryTableProps) {
  const say = useTranslations("projects")
  return (
    <>
      <div
        aria-hidden
        className="hidden gap-x-4 border-b px-6 py-2.5 text-sm font-medium text-muted-foreground sm:grid sm:grid-cols-[minmax(0,1fr)_6rem_6rem_9rem]"
      >
        <span className="col-start-3 text-right">{say("size")}</span>
        <span className="text-right">{say("lastPull")}</span>
      </div>
      <ul aria-label={say("repositoriesOf", { name: within })} className="divide-y">
        {repositories.map(({ id, name, tags, manifests, bytes, usedAt, shared, projectId }) => (
          <li
            key={id}
            className="grid gap-x-4 gap-y-1 px-4 py-3 text-sm sm:grid-cols-[minmax(0,1fr)_6rem_6rem_9rem] sm:items-center sm:px-6"
          >
            <p className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
              <Link
                href={pathOf(name)}
                className="inline-flex min-h-6 items-center font-mono font-medium wrap-anywhere text-primary underline-offset-4 hover:underline"
              >
                {name.startsWith(`${within}/`) ? name.slice(within.length + 1) : name}
              </Link>
              {projectId === null && !shared && (
                <Badge tone="warning" title={say("ownLoginHint")}>
                  <EyeOff aria-hidden />
                  {say("ownLogin")}
                </Badge>
              )}
            </p>
            <p className="flex flex-wrap gap-x-4 text-muted-foreground tabular-nums sm:contents">
              <span>{tags === 0 ? say("manifestCount", { count: manifests }) : say("tagCount", { count: tags })}</span>
              <span className="sm:text-right">{formatBytes(bytes)}</span>
              <span className="sm:text-right">
                <span className="sm:sr-only">{say("lastPull")} </span>
                <Age at={usedAt} />
              </span>
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
