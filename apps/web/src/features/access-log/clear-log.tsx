"use client"

import { useMutation } from "@tanstack/react-query"
import { Trash2 } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import { useTRPC } from "../../connection/trpc.ts"

/** Removes every entry, whatever the list is narrowed to, after asking. */
export function ClearLog({ onCleared }: { readonly onCleared: () => void }) {
  const say = useTranslations("accessLog.clear")
  const trpc = useTRPC()
  const [asks, setAsks] = useState(false)
  const clear = useMutation(
    trpc.accessLog.clear.mutationOptions({
      onSuccess: () => {
        setAsks(false)
        onCleared()
      },
    }),
  )
  return (
    <>
      <Button
        variant="outline"
        size="small"
        onClick={() => {
          clear.reset()
          setAsks(true)
        }}
      >
        <Trash2 aria-hidden />
        {say("button")}
      </Button>
      <p role="status" className="sr-only">
        {clear.data && say("done", { count: clear.data.removed })}
      </p>
      <ConfirmDialog
        open={asks}
        title={say("title")}
        action={say("action")}
        busy={clear.isPending}
        onClose={() => setAsks(false)}
        onConfirm={() => clear.mutate()}
      >
        <p>{say("text")}</p>
        {clear.error !== null && <Problem error={clear.error} />}
      </ConfirmDialog>
    </>
  )
}
