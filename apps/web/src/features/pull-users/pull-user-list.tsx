"use client"

import type { PullUser } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { KeyRound, Plus } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card } from "../../components/ui/card.tsx"
import { Dialog } from "../../components/ui/dialog.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { MembershipDialog } from "./membership-dialog.tsx"
import { NewPasswordDialog } from "./new-password-dialog.tsx"
import { NewPullUserDialog } from "./new-pull-user-dialog.tsx"
import { PullUserRow } from "./pull-user-row.tsx"
import { RemovePullUserDialog } from "./remove-pull-user-dialog.tsx"

/** What is being done with one of them. */
type Doing = "password" | "projects" | "remove"

/** All pull users, and the projects that each one may pull from. */
export function PullUserList() {
  const say = useTranslations("pullUsers")
  const trpc = useTRPC()
  const users = useQuery(trpc.pullUsers.list.queryOptions())
  const projects = useQuery(trpc.projects.list.queryOptions())
  const members = useQuery(trpc.projects.members.list.queryOptions({}))
  const mode = useQuery(trpc.accessRules.mode.queryOptions())
  const [isAdding, setAdding] = useState(false)
  const [chosen, setChosen] = useState<{ readonly user: PullUser; readonly doing: Doing }>()
  const close = () => setChosen(undefined)
  const userFor = (doing: Doing) => (chosen?.doing === doing ? chosen.user : undefined)

  function projectsOf(user: PullUser): readonly string[] {
    const mine = (members.data ?? []).filter(({ kind, memberId }) => kind === "pull-user" && memberId === user.id)
    const ids = new Set(mine.map(({ projectId }) => projectId))
    return (projects.data ?? []).filter(({ id }) => ids.has(id)).map(({ name }) => name)
  }

  const add = (
    <Button onClick={() => setAdding(true)}>
      <Plus aria-hidden />
      {say("add")}
    </Button>
  )

  return (
    <>
      <PageHeader title={say("title")} description={say("description")}>
        {users.data !== undefined && users.data.length > 0 && add}
      </PageHeader>
      <Alert>{say("dockerOnly")}</Alert>
      {users.error && <Problem error={users.error} onRetry={() => void users.refetch()} />}
      {(projects.error ?? members.error) && <Problem error={projects.error ?? members.error} />}
      {users.isPending && <Skeleton className="h-40" />}
      {users.data?.length === 0 && (
        <Card>
          <EmptyState icon={<KeyRound aria-hidden />} title={say("none")}>
            <p>{say(mode.data?.open ? "noneWhileOpen" : "noneHint")}</p>
            {add}
          </EmptyState>
        </Card>
      )}
      {users.data !== undefined && users.data.length > 0 && (
        <Card aria-label={say("title")}>
          <ul className="divide-y">
            {users.data.map((user) => (
              <PullUserRow
                key={user.id}
                user={user}
                projects={projectsOf(user)}
                onPassword={() => setChosen({ user, doing: "password" })}
                onProjects={() => setChosen({ user, doing: "projects" })}
                onRemove={() => setChosen({ user, doing: "remove" })}
              />
            ))}
          </ul>
        </Card>
      )}
      <NewPullUserDialog open={isAdding} closes={mode.data?.closesItself === true} onClose={() => setAdding(false)} />
      <NewPasswordDialog user={userFor("password")} onClose={close} />
      <Dialog
        open={userFor("projects") !== undefined}
        onClose={close}
        title={say("projectsTitle", { name: chosen?.user.name ?? "" })}
      >
        {chosen && (
          <MembershipDialog user={chosen.user} projects={projects.data ?? []} members={members.data ?? []} onClose={close} />
        )}
      </Dialog>
      <RemovePullUserDialog user={userFor("remove")} onClose={close} />
    </>
  )
}
