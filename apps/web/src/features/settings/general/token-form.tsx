"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { formText } from "../../../components/form-text.ts"
import { Problem } from "../../../components/problem.tsx"
import { Alert } from "../../../components/ui/alert.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { Field } from "../../../components/ui/field.tsx"
import { Input } from "../../../components/ui/input.tsx"
import { useTRPC } from "../../../connection/trpc.ts"

/** Changes the token that logs the first user in. */
export function TokenForm() {
  const say = useTranslations()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [differs, setDiffers] = useState(false)
  const change = useMutation(
    trpc.accounts.changeToken.mutationOptions({ onSuccess: (me) => queries.setQueryData(trpc.accounts.me.queryKey(), me) }),
  )

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const element = event.currentTarget
    const form = new FormData(element)
    const token = formText(form, "token")
    const isSame = token === formText(form, "repeated")
    setDiffers(!isSame)
    if (isSame) change.mutate({ token }, { onSuccess: () => element.reset() })
  }

  return (
    <form className="grid gap-4" onSubmit={submit}>
      <p className="text-sm text-muted-foreground">{say("settings.general.tokenEffect")}</p>
      <input name="username" autoComplete="username" defaultValue="admin" readOnly hidden />
      <Field label={say("session.newToken")} hint={say("session.newTokenHint")}>
        {(control) => <Input {...control} name="token" type="password" autoComplete="new-password" minLength={12} required />}
      </Field>
      <Field label={say("session.repeatToken")} problem={differs ? say("session.differs") : undefined}>
        {(control) => <Input {...control} name="repeated" type="password" autoComplete="new-password" required />}
      </Field>
      {change.error && <Problem error={change.error} />}
      {change.isSuccess && <Alert tone="success">{say("settings.general.tokenChanged")}</Alert>}
      <Button
        type="submit"
        variant="outline"
        className="justify-self-start"
        disabled={change.isPending}
        aria-busy={change.isPending}
      >
        {say("settings.general.changeToken")}
      </Button>
    </form>
  )
}
