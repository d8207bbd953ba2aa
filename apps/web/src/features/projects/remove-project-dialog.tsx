"use client"

import { EntrepotError, type Project } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import { useTRPC } from "../../connection/trpc.ts"

interface RemoveProjectDialogProps {
  /** Undefined: nothing is asked. */
  readonly project: Project | undefined
  readonly onClose: () => void
}

/** Asks before a project is removed; one that has images stays. */
export function RemoveProjectDialog({ project, onClose }: RemoveProjectDialogProps) {
  const say = useTranslations("projects")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const remove = useMutation(
    trpc.projects.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.projects.pathKey() })
        close()
      },
    }),
  )
  function close(): void {
    remove.reset()
    onClose()
  }
  const hasImages = remove.error instanceof EntrepotError && remove.error.code === "conflict"
  return (
    <ConfirmDialog
      open={project !== undefined}
      title={say("removeTitle")}
      action={say("removeAction")}
      busy={remove.isPending}
      onConfirm={() => project && remove.mutate({ id: project.id })}
      onClose={close}
    >
      <p>{project && say("removeWhat", { name: project.name })}</p>
      <p className="text-muted-foreground">{say("removeEffect")}</p>
      {hasImages ? <Alert tone="danger">{say("hasImages")}</Alert> : remove.error && <Problem error={remove.error} />}
    </ConfirmDialog>
  )
}
