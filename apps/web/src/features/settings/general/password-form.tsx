"use client"

import { EntrepotError, type Me } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import type { FormEvent } from "react"
import { formText } from "../../../components/form-text.ts"
import { Problem } from "../../../components/problem.tsx"
import { Alert } from "../../../components/ui/alert.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { Field } from "../../../components/ui/field.tsx"
import { Input } from "../../../components/ui/input.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { useTwiceTyped } from "../../session/use-twice-typed.tsx"

/** Whom the token logs in. */
const firstUser = "admin"

/** Changes the password of whoever is here. */
export function PasswordForm({ me }: { readonly me: Me }) {
  const say = useTranslations()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const { fields, read } = useTwiceTyped({
    name: "next",
    label: say("settings.general.newPassword"),
    repeatLabel: say("settings.general.repeatPassword"),
  })
  const change = useMutation(
    trpc.accounts.changePassword.mutationOptions({
      onSuccess: (changed) => queries.setQueryData(trpc.accounts.me.queryKey(), changed),
    }),
  )

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const element = event.currentTarget
    const form = new FormData(element)
    const next = read(form)
    if (next !== undefined) change.mutate({ current: formText(form, "current"), next }, { onSuccess: () => element.reset() })
  }

  const isWrong = change.error instanceof EntrepotError && change.error.code === "login_refused"
  return (
    <form className="grid gap-4" onSubmit={submit}>
      <p className="text-sm text-muted-foreground">{say("settings.general.passwordEffect", { name: me.name })}</p>
      <input name="username" autoComplete="username" value={me.name} readOnly hidden />
      <Field
        label={say("settings.general.currentPassword")}
        hint={me.name === firstUser ? say("settings.general.orToken") : undefined}
        problem={isWrong ? say("settings.general.wrongPassword") : undefined}
      >
        {(control) => <Input {...control} name="current" type="password" autoComplete="current-password" required />}
      </Field>
      {fields}
      {change.error && !isWrong && <Problem error={change.error} />}
      {change.isSuccess && <Alert tone="success">{say("settings.general.passwordChanged")}</Alert>}
      <Button
        type="submit"
        variant="outline"
        className="justify-self-start"
        disabled={change.isPending}
        aria-busy={change.isPending}
      >
        {say("settings.general.changePassword")}
      </Button>
    </form>
  )
}
