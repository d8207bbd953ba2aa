"use client"

import { EntrepotError, type User } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { formText } from "../../../components/form-text.ts"
import { Problem } from "../../../components/problem.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { Field } from "../../../components/ui/field.tsx"
import { Input } from "../../../components/ui/input.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { RoleField } from "./role-field.tsx"

/** Makes a user, with a first password that is handed over by other means. */
export function NewUserForm({ onDone }: { readonly onDone: () => void }) {
  const say = useTranslations()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [role, setRole] = useState<User["role"]>("operator")
  const create = useMutation(
    trpc.accounts.users.create.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.accounts.users.pathKey() })
        onDone()
      },
    }),
  )
  const isTaken = create.error instanceof EntrepotError && create.error.code === "conflict"

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    create.mutate({ name: formText(form, "name"), password: formText(form, "password"), role })
  }

  return (
    <form className="grid gap-4" autoComplete="off" onSubmit={submit}>
      <Field
        label={say("settings.users.name")}
        hint={say("settings.users.nameHint")}
        problem={isTaken ? say("settings.users.taken") : undefined}
      >
        {(control) => (
          <Input
            {...control}
            name="name"
            required
            autoFocus
            maxLength={64}
            pattern="[a-z0-9]([a-z0-9._@\-]*[a-z0-9])?"
            title={say("settings.users.nameHint")}
            autoCapitalize="none"
            spellCheck={false}
            autoComplete="off"
          />
        )}
      </Field>
      <RoleField value={role} onChange={setRole} />
      <Field label={say("settings.users.password")} hint={say("settings.users.passwordHint")}>
        {(control) => <Input {...control} name="password" type="password" autoComplete="new-password" minLength={12} required />}
      </Field>
      {create.error && !isTaken && <Problem error={create.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="outline" onClick={onDone}>
          {say("common.cancel")}
        </Button>
        <Button type="submit" disabled={create.isPending} aria-busy={create.isPending}>
          {say("settings.users.make")}
        </Button>
      </div>
    </form>
  )
}
