"use client"

import type { Project } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { Boxes, Plus } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Dialog } from "../../components/ui/dialog.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { PendingRows } from "../../components/ui/pending-rows.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { CachedRegistries } from "./cached-registries.tsx"
import { MembersPanel } from "./members-panel.tsx"
import { ProjectForm } from "./project-form.tsx"
import { ProjectRow } from "./project-row.tsx"
import { PushHint } from "./push-hint.tsx"
import { RemoveProjectDialog } from "./remove-project-dialog.tsx"
import { useIsAdmin } from "./use-registry.ts"

/** What images of this server's registry belong to: its projects, and the registries that are read through. */
export function ProjectsPage() {
  const say = useTranslations("projects")
  const trpc = useTRPC()
  const isAdmin = useIsAdmin()
  const list = useQuery(trpc.projects.list.queryOptions())
  const [edited, setEdited] = useState<Project | "new">()
  const [peopled, setPeopled] = useState<Project>()
  const [removed, setRemoved] = useState<Project>()
  const projects = list.data
  const project = edited === "new" ? undefined : edited

  return (
    <>
      <PageHeader title={say("title")} description={say("description")}>
        {isAdmin && (
          <Button onClick={() => setEdited("new")}>
            <Plus aria-hidden />
            {say("add")}
          </Button>
        )}
      </PageHeader>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      <div className="grid items-start gap-6 lg:grid-cols-[3fr_2fr]">
        <Card aria-label={say("hosted")} className="min-w-0">
          <CardHeader>
            <CardTitle>{say("hosted")}</CardTitle>
          </CardHeader>
          <p className="px-4 pt-1 pb-4 text-sm text-muted-foreground sm:px-6">{say("hostedHint")}</p>
          {list.isPending && <PendingRows count={1} className="h-18" />}
          {projects?.length === 0 && (
            <EmptyState icon={<Boxes aria-hidden />} title={say("none")}>
              <p>{say(isAdmin ? "noneHint" : "noneOthers")}</p>
            </EmptyState>
          )}
          {projects !== undefined && projects.length > 0 && (
            <ul className="divide-y border-t">
              {projects.map((each) => (
                <ProjectRow
                  key={each.id}
                  project={each}
                  onEdit={() => setEdited(each)}
                  onMembers={() => setPeopled(each)}
                  onRemove={() => setRemoved(each)}
                />
              ))}
            </ul>
          )}
          {(projects !== undefined || list.isPending) && (
            <div className="border-t px-4 py-4 sm:px-6">
              <PushHint project={projects?.[0]?.name} />
            </div>
          )}
        </Card>
        <CachedRegistries />
      </div>
      <Dialog
        open={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={project === undefined ? say("add") : say("editTitle", { name: project.name })}
        isForm
      >
        <ProjectForm key={project?.id} project={project} onDone={() => setEdited(undefined)} />
      </Dialog>
      <Dialog
        open={peopled !== undefined}
        onClose={() => setPeopled(undefined)}
        title={peopled && say("membersOf", { name: peopled.name })}
        isForm
        className="max-w-2xl"
      >
        {peopled && <MembersPanel project={peopled} />}
      </Dialog>
      <RemoveProjectDialog project={removed} onClose={() => setRemoved(undefined)} />
    </>
  )
}
