"use client"

import type { PullUser } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import { useTRPC } from "../../connection/trpc.ts"

interface RemovePullUserDialogProps {
  /** Undefined: nothing is asked. */
  readonly user: PullUser | undefined
  readonly onClose: () => void
}

/** Asks before a pull user is removed. */
export function RemovePullUserDialog({ user, onClose }: RemovePullUserDialogProps) {
  const say = useTranslations("pullUsers")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const remove = useMutation(
    trpc.pullUsers.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.pullUsers.pathKey() })
        close()
      },
    }),
  )
  function close(): void {
    remove.reset()
    onClose()
  }
  return (
    <ConfirmDialog
      open={user !== undefined}
      title={say("removeTitle")}
      action={say("removeAction")}
      busy={remove.isPending}
      onConfirm={() => user && remove.mutate({ id: user.id })}
      onClose={close}
    >
      <p>{user && say("removeEffect", { name: user.name })}</p>
      {remove.error && <Problem error={remove.error} />}
    </ConfirmDialog>
  )
}
