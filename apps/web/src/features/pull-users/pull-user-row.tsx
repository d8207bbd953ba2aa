"use client"

import type { PullUser } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Boxes, KeyRound, Trash2 } from "lucide-react"
import { useFormatter, useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Badge } from "../../components/ui/badge.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Switch } from "../../components/ui/switch.tsx"
import { useTRPC } from "../../connection/trpc.ts"

interface PullUserRowProps {
  readonly user: PullUser
  /** Names of those that the user is a member of. */
  readonly projects: readonly string[]
  readonly onPassword: () => void
  readonly onProjects: () => void
  readonly onRemove: () => void
}

/** A pull user, who can be kept out at once. */
export function PullUserRow({ user, projects, onPassword, onProjects, onRemove }: PullUserRowProps) {
  const say = useTranslations("pullUsers")
  const format = useFormatter()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const update = useMutation(
    trpc.pullUsers.update.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.pullUsers.pathKey() }),
    }),
  )
  const { id, name, disabled } = user
  return (
    <li aria-label={name} className="space-y-3 px-4 py-4 sm:px-6">
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0 space-y-1">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-medium break-all">{name}</span>
            {disabled && <Badge tone="danger">{say("disabled")}</Badge>}
          </p>
          <p className="text-sm text-muted-foreground">
            {say("since", { when: format.dateTime(user.createdAt, { dateStyle: "medium" }) })}
          </p>
          <p className="text-sm break-words text-muted-foreground">
            {projects.length === 0 ? say("noProjects") : say("inProjects", { projects: projects.join(", ") })}
          </p>
        </div>
        <Switch
          checked={!disabled}
          disabled={update.isPending}
          label={say("mayLogIn", { name })}
          onChange={(checked) => update.mutate({ id, disabled: !checked })}
        />
      </div>
      {update.error && <Problem error={update.error} />}
      <div className="flex flex-wrap gap-2">
        <Button variant="outline" size="small" onClick={onPassword}>
          <KeyRound aria-hidden />
          {say("newPassword")}
        </Button>
        <Button variant="outline" size="small" onClick={onProjects}>
          <Boxes aria-hidden />
          {say("projects")}
        </Button>
        <Button
          variant="ghost"
          size="small"
          className="ml-auto text-danger"
          aria-label={say("remove", { name })}
          title={say("remove", { name })}
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
    </li>
  )
}
