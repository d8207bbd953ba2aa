"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { RemovalEffect } from "./removal-effect.tsx"

/** What is to be removed of a repository: a tag alone, an image with all its tags, or everything. */
export type Removal =
  | { readonly kind: "tag"; readonly repository: string; readonly tag: string; readonly digest: string }
  | { readonly kind: "image"; readonly repository: string; readonly digest: string }
  | { readonly kind: "repository"; readonly repository: string }

interface RemoveDialogProps {
  /** Undefined: nothing is asked. */
  readonly what: Removal | undefined
  readonly onClose: () => void
  readonly onRemoved?: () => void
}

/** Asks before something is removed, and says what goes with it. */
export function RemoveDialog({ what, onClose, onRemoved }: RemoveDialogProps) {
  const say = useTranslations("projects")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const removed = {
    onSuccess: async () => {
      close()
      onRemoved?.()
      await queries.invalidateQueries({
        queryKey: trpc.registry.pathKey(),
        refetchType: onRemoved === undefined ? "active" : "none",
      })
    },
  }
  const manifest = useMutation(trpc.registry.removeManifest.mutationOptions(removed))
  const repository = useMutation(trpc.registry.removeRepository.mutationOptions(removed))
  const error = manifest.error ?? repository.error
  function close(): void {
    manifest.reset()
    repository.reset()
    onClose()
  }
  function confirm(): void {
    if (what?.kind === "repository") repository.mutate({ repository: what.repository })
    else if (what !== undefined)
      manifest.mutate({ repository: what.repository, reference: what.kind === "tag" ? what.tag : what.digest })
  }
  return (
    <ConfirmDialog
      open={what !== undefined}
      title={what && say(`removal.${what.kind}.title`)}
      action={what === undefined ? "" : say(`removal.${what.kind}.action`)}
      busy={manifest.isPending || repository.isPending}
      onConfirm={confirm}
      onClose={close}
    >
      {what && <RemovalEffect what={what} />}
      {error && <Problem error={error} />}
    </ConfirmDialog>
  )
}
