"use client"

import { useTranslations } from "next-intl"
import { formText } from "../../components/form-text.ts"
import { Button } from "../../components/ui/button.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import type { Login, Logins } from "./use-job-actions.ts"

/** An end of the copy that wants to know who we are. */
export interface LoginSide {
  readonly side: "source" | "target"
  readonly host: string
}

interface RetryFormProps {
  readonly sides: readonly LoginSide[]
  /** On the button. */
  readonly action: string
  readonly busy: boolean
  readonly onRetry: (logins: Logins) => void
}

/** Asks for what a job has to log in with. What is typed goes to the application and is forgotten here. */
export function RetryForm({ sides, action, busy, onRetry }: RetryFormProps) {
  const say = useTranslations("job")
  return (
    <form
      autoComplete="off"
      className="grid gap-4 rounded-md border p-4"
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        const logins = sides.map(({ side }) => [side, loginOf(form, side)] as const)
        onRetry(Object.fromEntries(logins.filter(([, login]) => login !== undefined)))
        event.currentTarget.reset()
      }}
    >
      {sides.map(({ side, host }) => (
        <fieldset key={side} className="grid gap-3 sm:grid-cols-2">
          <legend className="mb-2 font-medium break-all">{say("login.title", { host })}</legend>
          <Field label={say("login.username")}>
            {(control) => (
              <Input
                {...control}
                name={`${side}-username`}
                required={sides.length === 1}
                autoComplete="off"
                spellCheck={false}
                autoCapitalize="none"
              />
            )}
          </Field>
          <Field label={say("login.password")}>
            {(control) => (
              <Input
                {...control}
                name={`${side}-password`}
                type="password"
                required={sides.length === 1}
                autoComplete="new-password"
              />
            )}
          </Field>
        </fieldset>
      ))}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button type="submit" disabled={busy} aria-busy={busy}>
          {action}
        </Button>
        <p className="text-xs text-muted-foreground">{say("login.hint")}</p>
      </div>
    </form>
  )
}

function loginOf(form: FormData, side: LoginSide["side"]): Login | undefined {
  const login = { username: formText(form, `${side}-username`), password: formText(form, `${side}-password`) }
  return login.username === "" || login.password === "" ? undefined : login
}
