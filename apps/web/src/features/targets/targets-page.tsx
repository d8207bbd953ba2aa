"use client"

import type { Target } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { Plus, Warehouse } from "lucide-react"
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
import { useMe } from "../session/use-me.ts"
import { RemoveTargetDialog } from "./remove-target-dialog.tsx"
import { TargetCard } from "./target-card.tsx"
import { TargetForm } from "./target-form.tsx"

/** The registries that images are taken to. */
export function TargetsPage() {
  const say = useTranslations()
  const trpc = useTRPC()
  const { me } = useMe()
  const list = useQuery(trpc.targets.list.queryOptions())
  const [edited, setEdited] = useState<Target | "new">()
  const [removed, setRemoved] = useState<Target>()
  const mayAct = me !== undefined && me.role !== "viewer"
  const targets = list.data?.targets
  const target = edited === "new" ? undefined : edited

  /** The form goes on with what somebody else saved; a target that is gone has no form. */
  async function reload(): Promise<void> {
    const { data } = await list.refetch()
    setEdited(data?.targets.find(({ id }) => id === target?.id))
  }

  const add = (
    <Button onClick={() => setEdited("new")}>
      <Plus aria-hidden />
      {say("targets.add")}
    </Button>
  )

  return (
    <>
      <PageHeader title={say("shell.targets")} description={say("targets.description")}>
        {mayAct && targets !== undefined && targets.length > 0 && add}
      </PageHeader>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.keepsPasswords === false && <Alert tone="warning">{say("targets.passwordsNotKept")}</Alert>}
      {list.isPending && (
        <div className="grid gap-6 lg:grid-cols-2">
          <Skeleton className="h-56" />
          <Skeleton className="h-56" />
        </div>
      )}
      {targets?.length === 0 && (
        <Card>
          <EmptyState icon={<Warehouse aria-hidden />} title={say("targets.none")}>
            <p>{say(mayAct ? "targets.noneHint" : "targets.noneViewer")}</p>
            {mayAct && add}
          </EmptyState>
        </Card>
      )}
      {targets !== undefined && targets.length > 0 && (
        <div className="grid gap-6 lg:grid-cols-2">
          {targets.map((each) => (
            <TargetCard
              key={each.id}
              target={each}
              canTest={mayAct}
              canChange={mayAct && (me.role === "admin" || each.ownerId === me.userId)}
              onEdit={() => setEdited(each)}
              onRemove={() => setRemoved(each)}
            />
          ))}
        </div>
      )}
      <Dialog
        open={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={target === undefined ? say("targets.add") : say("targets.editTitle", { name: target.name })}
        isForm
        className="max-w-xl"
      >
        <TargetForm
          key={target?.version}
          target={target}
          keepsPasswords={list.data?.keepsPasswords ?? true}
          onDone={() => setEdited(undefined)}
          onReload={() => void reload()}
        />
      </Dialog>
      <RemoveTargetDialog target={removed} onClose={() => setRemoved(undefined)} />
    </>
  )
}
