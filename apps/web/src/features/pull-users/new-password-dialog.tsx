"use client"

import type { PullUser } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Dialog } from "../../components/ui/dialog.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { HandedOver } from "./handed-over.tsx"
import { usePassword } from "./use-password.tsx"

interface NewPasswordDialogProps {
  /** Undefined: it is not open. */
  readonly user: PullUser | undefined
  readonly onClose: () => void
}

/** Gives a pull user another password, and shows it this once. */
export function NewPasswordDialog({ user, onClose }: NewPasswordDialogProps) {
  const say = useTranslations("pullUsers")
  const [password, setPassword] = useState<string>()
  function close(): void {
    setPassword(undefined)
    onClose()
  }
  return (
    <Dialog open={user !== undefined} onClose={close} title={say("newPasswordTitle", { name: user?.name ?? "" })} isForm>
      {user !== undefined && password === undefined && <NewPasswordForm user={user} onMade={setPassword} onCancel={close} />}
      {user !== undefined && password !== undefined && <HandedOver name={user.name} password={password} onDone={close} />}
    </Dialog>
  )
}

interface NewPasswordFormProps {
  readonly user: PullUser
  readonly onMade: (password: string) => void
  readonly onCancel: () => void
}

function NewPasswordForm({ user, onMade, onCancel }: NewPasswordFormProps) {
  const say = useTranslations()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const { fields, read } = usePassword()
  const update = useMutation(trpc.pullUsers.update.mutationOptions({ gcTime: 0 }))

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const password = read(new FormData(event.currentTarget))
    if (password === undefined) return
    update.mutate(
      { id: user.id, password },
      {
        onSuccess: () => {
          onMade(password)
          void queries.invalidateQueries({ queryKey: trpc.pullUsers.pathKey() })
        },
      },
    )
  }

  return (
    <form className="grid gap-4" autoComplete="off" onSubmit={submit}>
      <p className="text-sm text-muted-foreground">{say("pullUsers.newPasswordEffect")}</p>
      {fields}
      {update.error && <Problem error={update.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="outline" onClick={onCancel}>
          {say("common.cancel")}
        </Button>
        <Button type="submit" disabled={update.isPending} aria-busy={update.isPending}>
          {say("pullUsers.setPassword")}
        </Button>
      </div>
    </form>
  )
}
