"use client"

import type { Project, ProjectMember } from "@entrepot/client"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Trash2 } from "lucide-react"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Badge } from "../../components/ui/badge.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Select } from "../../components/ui/select.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { AddMemberForm } from "./add-member-form.tsx"
import { keyOf, namedMembers, peopleOf, placesFor } from "./project-people.ts"

/** Who may pull from a project, push to it and delete in it, beside its owner and administrators. */
export function MembersPanel({ project }: { readonly project: Project }) {
  const say = useTranslations("projects")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const list = useQuery(trpc.projects.members.list.queryOptions({ projectId: project.id }))
  const users = useQuery(trpc.accounts.users.list.queryOptions())
  const pullUsers = useQuery(trpc.pullUsers.list.queryOptions())
  const changed = { onSuccess: () => queries.invalidateQueries({ queryKey: trpc.projects.members.pathKey() }) }
  const put = useMutation(trpc.projects.members.put.mutationOptions(changed))
  const remove = useMutation(trpc.projects.members.remove.mutationOptions(changed))
  const isBusy = put.isPending || remove.isPending
  const error = list.error ?? users.error ?? pullUsers.error ?? put.error ?? remove.error
  const isPending = list.isPending || users.isPending || pullUsers.isPending
  const members = namedMembers(list.data ?? [], users.data ?? [], pullUsers.data ?? [])
  const taken = new Set(members.map(keyOf))
  const people = peopleOf(users.data ?? [], pullUsers.data ?? []).filter((person) => !taken.has(keyOf(person)))

  return (
    <div className="grid gap-4">
      <p className="text-sm text-muted-foreground">{say("membersHint")}</p>
      {error && <Problem error={error} />}
      {isPending && !error && <Skeleton className="h-24" />}
      {!isPending && members.length === 0 && <p className="text-sm">{say("noMembers")}</p>}
      {members.length > 0 && (
        <ul aria-label={say("members")} className="divide-y rounded-md border">
          {members.map((member) => {
            const name = member.name ?? say("gone")
            return (
              <li key={keyOf(member)} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2">
                <span className="min-w-0 flex-1 basis-40 text-sm font-medium break-all">{name}</span>
                <Badge>{say(`kinds.${member.kind}`)}</Badge>
                <div className="flex items-center gap-1">
                  <div className="w-44">
                    <Select
                      aria-label={say("roleOf", { name })}
                      value={member.role}
                      disabled={isBusy || member.kind === "pull-user"}
                      onChange={(event) => {
                        const role = placesFor[member.kind].find((known) => known === event.target.value)
                        if (role !== undefined) put.mutate({ ...seatOf(member), role })
                      }}
                    >
                      {placesFor[member.kind].map((role) => (
                        <option key={role} value={role}>
                          {say(`roles.${role}`)}
                        </option>
                      ))}
                    </Select>
                  </div>
                  <Button
                    variant="ghost"
                    size="icon"
                    className="text-danger"
                    disabled={isBusy}
                    aria-label={say("removeMember", { name })}
                    title={say("removeMember", { name })}
                    onClick={() => remove.mutate(seatOf(member))}
                  >
                    <Trash2 aria-hidden />
                  </Button>
                </div>
              </li>
            )
          })}
        </ul>
      )}
      {!isPending && (
        <AddMemberForm
          key={members.length}
          people={people}
          isBusy={isBusy}
          onAdd={(person, role) => put.mutate({ projectId: project.id, ...person, role })}
        />
      )}
    </div>
  )
}

function seatOf({ projectId, kind, memberId }: ProjectMember) {
  return { projectId, kind, memberId }
}
