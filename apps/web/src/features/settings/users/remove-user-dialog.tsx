"use client"

import { EntrepotError, type User } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Problem } from "../../../components/problem.tsx"
import { Alert } from "../../../components/ui/alert.tsx"
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx"
import { useTRPC } from "../../../connection/trpc.ts"

interface RemoveUserDialogProps {
  /** Undefined: nothing is asked. */
  readonly user: User | undefined
  readonly onClose: () => void
}

/** Asks before a user is removed. */
export function RemoveUserDialog({ user, onClose }: RemoveUserDialogProps) {
  const say = useTranslations("settings.users")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const remove = useMutation(
    trpc.accounts.users.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.accounts.users.pathKey() })
        onClose()
      },
    }),
  )
  const isLast = remove.error instanceof EntrepotError && remove.error.code === "conflict"
  return (
    <ConfirmDialog
      open={user !== undefined}
      title={say("removeTitle")}
      action={say("removeAction")}
      busy={remove.isPending}
      onConfirm={() => user && remove.mutate({ id: user.id })}
      onClose={() => {
        remove.reset()
        onClose()
      }}
    >
      <p>{user && say("removeEffect", { name: user.name })}</p>
      {isLast ? <Alert tone="danger">{say("lastAdmin")}</Alert> : remove.error && <Problem error={remove.error} />}
    </ConfirmDialog>
  )
}
