"use client"

import { EntrepotError, type Target } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { addressOf } from "./target-draft.ts"

interface RemoveTargetDialogProps {
  /** Undefined: nothing is asked. */
  readonly target: Target | undefined
  readonly onClose: () => void
}

/** Asks before a target is removed; one that projects or schedules use stays. */
export function RemoveTargetDialog({ target, onClose }: RemoveTargetDialogProps) {
  const say = useTranslations("targets")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const remove = useMutation(
    trpc.targets.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.targets.pathKey() })
        close()
      },
    }),
  )
  function close(): void {
    remove.reset()
    onClose()
  }
  const isUsed = remove.error instanceof EntrepotError && remove.error.code === "conflict"
  return (
    <ConfirmDialog
      open={target !== undefined}
      title={say("removeTitle")}
      action={say("removeAction")}
      busy={remove.isPending}
      onConfirm={() => target && remove.mutate({ id: target.id })}
      onClose={close}
    >
      <p>{target && say("removeWhat", { name: target.name, address: addressOf(target) })}</p>
      <p className="text-muted-foreground">{say("removeEffect")}</p>
      {isUsed ? <Alert tone="danger">{say("isUsed")}</Alert> : remove.error && <Problem error={remove.error} />}
    </ConfirmDialog>
  )
}
