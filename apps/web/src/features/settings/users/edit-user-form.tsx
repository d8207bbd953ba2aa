"use client"

import { EntrepotError, type User } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { formText } from "../../../components/form-text.ts"
import { Problem } from "../../../components/problem.tsx"
import { Alert } from "../../../components/ui/alert.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { Checkbox } from "../../../components/ui/checkbox.tsx"
import { Field } from "../../../components/ui/field.tsx"
import { Input } from "../../../components/ui/input.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { RoleField } from "./role-field.tsx"

interface EditUserFormProps {
  readonly user: User
  readonly onDone: () => void
}

/** Gives a user another role or password, or keeps them out. */
export function EditUserForm({ user, onDone }: EditUserFormProps) {
  const say = useTranslations()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [role, setRole] = useState(user.role)
  const [disabled, setDisabled] = useState(user.disabled)
  const update = useMutation(
    trpc.accounts.users.update.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.accounts.users.pathKey() })
        onDone()
      },
    }),
  )
  const isLast = update.error instanceof EntrepotError && update.error.code === "conflict"

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const password = formText(new FormData(event.currentTarget), "password")
    const changes = {
      ...(role === user.role ? {} : { role }),
      ...(disabled === user.disabled ? {} : { disabled }),
      ...(password === "" ? {} : { password }),
    }
    if (Object.keys(changes).length === 0) onDone()
    else update.mutate({ id: user.id, ...changes })
  }

  return (
    <form className="grid gap-4" autoComplete="off" onSubmit={submit}>
      <RoleField value={role} onChange={setRole} />
      <Field label={say("settings.users.newPassword")} hint={say("settings.users.newPasswordHint")}>
        {(control) => <Input {...control} name="password" type="password" autoComplete="new-password" minLength={12} />}
      </Field>
      <Checkbox
        label={say("settings.users.disable")}
        hint={say("settings.users.disableHint")}
        checked={disabled}
        onChange={(event) => setDisabled(event.target.checked)}
      />
      {isLast ? <Alert tone="danger">{say("settings.users.lastAdmin")}</Alert> : update.error && <Problem error={update.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="outline" onClick={onDone}>
          {say("common.cancel")}
        </Button>
        <Button type="submit" disabled={update.isPending} aria-busy={update.isPending}>
          {say("common.save")}
        </Button>
      </div>
    </form>
  )
}
