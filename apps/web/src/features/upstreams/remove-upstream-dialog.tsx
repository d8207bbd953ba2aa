"use client"

import type { Upstream } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import { useTRPC } from "../../connection/trpc.ts"

interface RemoveUpstreamDialogProps {
  /** Undefined: nothing is asked. */
  readonly upstream: Upstream | undefined
  /** No other serves its registry. */
  readonly isLast: boolean
  readonly onClose: () => void
}

/** Asks before an upstream is removed. */
export function RemoveUpstreamDialog({ upstream, isLast, onClose }: RemoveUpstreamDialogProps) {
  const say = useTranslations("upstreams")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const remove = useMutation(
    trpc.upstreams.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.upstreams.pathKey() })
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
      open={upstream !== undefined}
      title={say("removeTitle")}
      action={say("removeAction")}
      busy={remove.isPending}
      onConfirm={() => upstream && remove.mutate({ id: upstream.id })}
      onClose={close}
    >
      <p>{upstream && say("removeWhat", { name: upstream.name, url: upstream.url })}</p>
      <p className="text-muted-foreground">{say("removeEffect")}</p>
      {upstream && isLast && <Alert tone="warning">{say("removeLast", { registry: upstream.registry })}</Alert>}
      {remove.error && <Problem error={remove.error} />}
    </ConfirmDialog>
  )
}
