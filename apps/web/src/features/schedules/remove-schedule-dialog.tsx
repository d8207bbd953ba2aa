"use client"

import type { Schedule } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import { useTRPC } from "../../connection/trpc.ts"

interface RemoveScheduleDialogProps {
  /** Undefined: nothing is asked. */
  readonly schedule: Schedule | undefined
  readonly onClose: () => void
}

/** Asks before a schedule is removed. */
export function RemoveScheduleDialog({ schedule, onClose }: RemoveScheduleDialogProps) {
  const say = useTranslations("schedules")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const remove = useMutation(
    trpc.schedules.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.schedules.pathKey() })
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open={schedule !== undefined}
      title={say("removeTitle")}
      action={say("removeAction")}
      busy={remove.isPending}
      onConfirm={() => schedule && remove.mutate({ id: schedule.id })}
      onClose={() => {
        remove.reset()
        onClose()
      }}
    >
      <p>{schedule && say("removeEffect", { name: schedule.name })}</p>
      {remove.error && <Problem error={remove.error} />}
    </ConfirmDialog>
  )
}
