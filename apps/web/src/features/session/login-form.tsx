"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { formText } from "../../components/form-text.ts"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { useTRPC } from "../../connection/trpc.ts"

/** Asks for the token, or for a user's name and password. */
export function LoginForm() {
  const say = useTranslations("session")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [way, setWay] = useState<"token" | "password">("token")
  const login = useMutation(
    trpc.accounts.login.mutationOptions({ onSuccess: (me) => queries.setQueryData(trpc.accounts.me.queryKey(), me) }),
  )

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const setupCode = formText(form, "setupCode")
    login.mutate(
      way === "token"
        ? { token: formText(form, "token"), ...(setupCode === "" ? {} : { setupCode }) }
        : { username: formText(form, "username"), password: formText(form, "password") },
    )
  }

  return (
    // Sent before its script has come, it must not put the token into the address.
    <form method="post" className="grid gap-4" onSubmit={submit}>
      {way === "token" ? (
        <>
          {/* Password managers keep a secret under a user's name. */}
          <input name="username" autoComplete="username" defaultValue="admin" readOnly hidden />
          <Field label={say("token")}>
            {(control) => <Input {...control} name="token" type="password" autoComplete="current-password" required autoFocus />}
          </Field>
          <details className="text-sm text-muted-foreground">
            <summary>{say("setupCode")}</summary>
            <Input name="setupCode" type="password" autoComplete="one-time-code" aria-label={say("setupCode")} className="mt-2" />
          </details>
        </>
      ) : (
        <>
          <Field label={say("username")}>
            {(control) => <Input {...control} name="username" autoComplete="username" required autoFocus />}
          </Field>
          <Field label={say("password")}>
            {(control) => <Input {...control} name="password" type="password" autoComplete="current-password" required />}
          </Field>
        </>
      )}
      {login.error && <Problem error={login.error} />}
      <Button type="submit" disabled={login.isPending} aria-busy={login.isPending}>
        {say("logIn")}
      </Button>
      <Button
        variant="link"
        onClick={() => {
          login.reset()
          setWay(way === "token" ? "password" : "token")
        }}
      >
        {say(way === "token" ? "withPassword" : "withToken")}
      </Button>
    </form>
  )
}
