"use client"

import type { AccessRule } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import { useTRPC } from "../../connection/trpc.ts"

interface RemoveRuleDialogProps {
  /** Undefined: nothing is asked. */
  readonly rule: AccessRule | undefined
  /** Nobody needs to log in anyway. */
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** Asks before a rule is removed. */
export function RemoveRuleDialog({ rule, isOpen, onClose }: RemoveRuleDialogProps) {
  const say = useTranslations("whitelist")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const remove = useMutation(
    trpc.accessRules.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.accessRules.pathKey() })
        close()
      },
    }),
  )
  function close(): void {
    remove.reset()
    onClose()
  }
  const effect = rule?.effect === "deny" ? "deny" : isOpen ? "allowWhileOpen" : "allow"
  return (
    <ConfirmDialog
      open={rule !== undefined}
      title={say("removeTitle")}
      action={say("removeAction")}
      busy={remove.isPending}
      onConfirm={() => rule && remove.mutate({ id: rule.id })}
      onClose={close}
    >
      <p className="font-mono break-all">{rule?.prefix}</p>
      <p className="text-muted-foreground">{say(`removeEffect.${effect}`)}</p>
      {remove.error && <Problem error={remove.error} />}
    </ConfirmDialog>
  )
}
