"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { formText } from "../../components/form-text.ts"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { useTRPC } from "../../connection/trpc.ts"

/** The change that the default token has to make before anything else. */
export function ChangeTokenForm() {
  const say = useTranslations("session")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [differs, setDiffers] = useState(false)
  const change = useMutation(
    trpc.accounts.changeToken.mutationOptions({ onSuccess: (me) => queries.setQueryData(trpc.accounts.me.queryKey(), me) }),
  )

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const token = formText(form, "token")
    const isSame = token === formText(form, "repeated")
    setDiffers(!isSame)
    if (isSame) change.mutate({ token })
  }

  return (
    <form className="grid gap-4" onSubmit={submit}>
      <Alert tone="warning">{say("changeFirst")}</Alert>
      <input name="username" autoComplete="username" defaultValue="admin" readOnly hidden />
      <Field label={say("newToken")} hint={say("newTokenHint")}>
        {(control) => (
          <Input {...control} name="token" type="password" autoComplete="new-password" minLength={12} required autoFocus />
        )}
      </Field>
      <Field label={say("repeatToken")} problem={differs ? say("differs") : undefined}>
        {(control) => <Input {...control} name="repeated" type="password" autoComplete="new-password" required />}
      </Field>
      {change.error && <Problem error={change.error} />}
      <Button type="submit" disabled={change.isPending} aria-busy={change.isPending}>
        {say("change")}
      </Button>
    </form>
  )
}
