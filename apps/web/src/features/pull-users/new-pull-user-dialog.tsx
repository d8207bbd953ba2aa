"use client"

import { EntrepotError } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { formText } from "../../components/form-text.ts"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Dialog } from "../../components/ui/dialog.tsx"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { HandedOver } from "./handed-over.tsx"
import { usePassword } from "./use-password.tsx"

interface NewPullUserDialogProps {
  readonly open: boolean
  /** The first one makes everybody else log in too. */
  readonly closes: boolean
  readonly onClose: () => void
}

/** Makes a pull user, and shows the password this once. */
export function NewPullUserDialog({ open, closes, onClose }: NewPullUserDialogProps) {
  const say = useTranslations("pullUsers")
  const [made, setMade] = useState<{ readonly name: string; readonly password: string }>()
  function close(): void {
    setMade(undefined)
    onClose()
  }
  return (
    <Dialog open={open} onClose={close} title={say("add")} isForm>
      {made === undefined ? (
        <NewPullUserForm closes={closes} onMade={(name, password) => setMade({ name, password })} onCancel={close} />
      ) : (
        <HandedOver {...made} onDone={close} />
      )}
    </Dialog>
  )
}

interface NewPullUserFormProps {
  readonly closes: boolean
  readonly onMade: (name: string, password: string) => void
  readonly onCancel: () => void
}

function NewPullUserForm({ closes, onMade, onCancel }: NewPullUserFormProps) {
  const say = useTranslations()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const { fields, read } = usePassword()
  const create = useMutation(trpc.pullUsers.create.mutationOptions({ gcTime: 0 }))
  const isTaken = create.error instanceof EntrepotError && create.error.code === "conflict"

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const password = read(form)
    if (password === undefined) return
    const name = formText(form, "name")
    create.mutate(
      { name, password },
      {
        onSuccess: () => {
          onMade(name, password)
          void queries.invalidateQueries({ queryKey: trpc.pullUsers.pathKey() })
          void queries.invalidateQueries({ queryKey: trpc.accessRules.pathKey() })
        },
      },
    )
  }

  return (
    <form className="grid gap-4" autoComplete="off" onSubmit={submit}>
      {closes && <Alert tone="warning">{say("pullUsers.first")}</Alert>}
      <Field
        label={say("pullUsers.name")}
        hint={say("pullUsers.nameHint")}
        problem={isTaken ? say("pullUsers.taken") : undefined}
      >
        {(control) => (
          <Input
            {...control}
            {...asTyped}
            name="name"
            required
            autoFocus
            maxLength={64}
            pattern="[a-zA-Z0-9]([a-zA-Z0-9._@\-]*[a-zA-Z0-9])?"
            title={say("pullUsers.nameHint")}
          />
        )}
      </Field>
      {fields}
      {create.error && !isTaken && <Problem error={create.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="outline" onClick={onCancel}>
          {say("common.cancel")}
        </Button>
        <Button type="submit" disabled={create.isPending} aria-busy={create.isPending}>
          {say("pullUsers.make")}
        </Button>
      </div>
    </form>
  )
}
