"use client"

import type { Webhook } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Problem } from "../../../components/problem.tsx"
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx"
import { useTRPC } from "../../../connection/trpc.ts"

interface RemoveWebhookDialogProps {
  /** Undefined: nothing is asked. */
  readonly webhook: Webhook | undefined
  readonly onClose: () => void
}

/** Asks before somebody is told no more. */
export function RemoveWebhookDialog({ webhook, onClose }: RemoveWebhookDialogProps) {
  const say = useTranslations("webhooks")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const remove = useMutation(
    trpc.webhooks.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.webhooks.pathKey() })
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open={webhook !== undefined}
      title={say("removeTitle")}
      action={say("removeAction")}
      busy={remove.isPending}
      onConfirm={() => webhook && remove.mutate({ id: webhook.id })}
      onClose={() => {
        remove.reset()
        onClose()
      }}
    >
      <p>{webhook && say("removeEffect", { name: webhook.name })}</p>
      {remove.error && <Problem error={remove.error} />}
    </ConfirmDialog>
  )
}
