"use client"

import type { Project } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { Globe, Lock, Users } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { EditButtons } from "../../components/edit-buttons.tsx"
import { Badge } from "../../components/ui/badge.tsx"
import { Button } from "../../components/ui/button.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { useMe } from "../session/use-me.ts"
import { pathOf } from "./place-path.ts"
import { RepositoryCount } from "./repository-count.tsx"

interface ProjectRowProps {
  readonly project: Project
  readonly onEdit: () => void
  readonly onMembers: () => void
  readonly onRemove: () => void
}

/** A project: who may pull from it, whose it is, where its imports go, and how much is in it. */
export function ProjectRow({ project, onEdit, onMembers, onRemove }: ProjectRowProps) {
  const say = useTranslations("projects")
  const trpc = useTRPC()
  const { me } = useMe()
  const isAdmin = me?.role === "admin"
  const people = useQuery(trpc.accounts.users.list.queryOptions(undefined, { enabled: isAdmin, staleTime: 60_000 }))
  const targets = useQuery(trpc.targets.list.queryOptions(undefined, { enabled: project.targetId !== null, staleTime: 60_000 }))
  const owner = project.ownerId === me?.userId ? say("you") : people.data?.find(({ id }) => id === project.ownerId)?.name
  const target = targets.data?.targets.find(({ id }) => id === project.targetId)?.name
  return (
    <li className="space-y-2 px-4 py-3 sm:px-6">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <Link
          href={pathOf(project.name)}
          className="inline-flex min-h-6 min-w-0 items-center font-mono font-medium wrap-anywhere text-primary underline-offset-4 hover:underline"
        >
          {project.name}
        </Link>
        <Badge tone={project.isPublic ? "primary" : "neutral"}>
          {project.isPublic ? <Globe aria-hidden /> : <Lock aria-hidden />}
          {say(project.isPublic ? "isPublic" : "isPrivate")}
        </Badge>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm text-muted-foreground">
        <div className="flex min-h-8 min-w-0 flex-wrap items-center gap-x-4 gap-y-1">
          <RepositoryCount project={project.name} />
          {owner !== undefined && <span className="break-all">{say("ownedBy", { name: owner })}</span>}
          {project.targetId !== null && (
            <span className="wrap-anywhere">{say("goesTo", { name: target ?? say("otherTarget"), path: project.path })}</span>
          )}
        </div>
        {isAdmin && (
          <div className="ml-auto flex sm:gap-2">
            <Button variant="ghost" size="small" onClick={onMembers}>
              <Users aria-hidden />
              <span className="max-sm:sr-only">{say("members")}</span>
            </Button>
            <EditButtons onEdit={onEdit} onRemove={onRemove} />
          </div>
        )}
      </div>
    </li>
  )
}
