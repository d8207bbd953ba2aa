"use client"

import type { Project, ProjectMember, PullUser } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { useTRPC } from "../../connection/trpc.ts"

interface MembershipDialogProps {
  readonly user: PullUser
  readonly projects: readonly Project[]
  readonly members: readonly ProjectMember[]
  readonly onClose: () => void
}

/** The projects that a pull user may pull from; each change is in force at once. */
export function MembershipDialog({ user, projects, members, onClose }: MembershipDialogProps) {
  const say = useTranslations("pullUsers")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const options = { onSettled: () => queries.invalidateQueries({ queryKey: trpc.projects.members.pathKey() }) }
  const put = useMutation(trpc.projects.members.put.mutationOptions(options))
  const remove = useMutation(trpc.projects.members.remove.mutationOptions(options))
  const isBusy = put.isPending || remove.isPending

  function isIn({ id }: Project): boolean {
    return members.some(({ projectId, kind, memberId }) => projectId === id && kind === "pull-user" && memberId === user.id)
  }

  function change({ id: projectId }: Project, belongs: boolean): void {
    const member = { projectId, kind: "pull-user", memberId: user.id } as const
    put.reset()
    remove.reset()
    if (belongs) put.mutate({ ...member, role: "pull" })
    else remove.mutate(member)
  }

  return (
    <div className="grid gap-4">
      <p className="text-sm text-muted-foreground">{say("projectsHint")}</p>
      {projects.length === 0 && <p className="text-sm">{say("noProjectsYet")}</p>}
      {projects.length > 0 && (
        <fieldset className="grid max-h-72 gap-2 overflow-y-auto" aria-busy={isBusy}>
          <legend className="sr-only">{say("projects")}</legend>
          {projects.map((project) => (
            <Checkbox
              key={project.id}
              label={<span className="font-mono break-all">{project.name}</span>}
              hint={project.isPublic ? say("isPublic") : undefined}
              checked={isIn(project)}
              aria-disabled={isBusy}
              onChange={(event) => !isBusy && change(project, event.target.checked)}
            />
          ))}
        </fieldset>
      )}
      {(put.error ?? remove.error) && <Problem error={put.error ?? remove.error} />}
      <div className="flex justify-end">
        <Button onClick={onClose}>{say("done")}</Button>
      </div>
    </div>
  )
}
