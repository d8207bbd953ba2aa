"use client"

import { useTranslations } from "next-intl"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import type { TargetDraft } from "./target-draft.ts"

type LoginDraft = Pick<TargetDraft, "username" | "password" | "forgetPassword">

interface LoginFieldsProps {
  readonly draft: LoginDraft
  /** A password is saved of what is changed here. */
  readonly isKept: boolean
  /** It does not go with the draft. */
  readonly isLost: boolean
  readonly keepsPasswords: boolean
  /** What it means to leave the user name empty. */
  readonly usernameHint?: string
  readonly onChange: (change: Partial<LoginDraft>) => void
}

/** User and password at a registry. The password goes in and never comes back. */
export function LoginFields({ draft, isKept, isLost, keepsPasswords, usernameHint, onChange }: LoginFieldsProps) {
  const say = useTranslations("targets")
  const hint = !keepsPasswords
    ? say("passwordForTest")
    : isKept && !isLost
      ? say("passwordUnchanged")
      : isLost && draft.password === "" && !draft.forgetPassword
        ? say("passwordLost")
        : undefined
  return (
    <div className="grid gap-3">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={say("username")} hint={usernameHint}>
          {(control) => (
            <Input
              {...control}
              {...asTyped}
              value={draft.username}
              maxLength={256}
              pattern="[^:]*"
              title={say("usernameHint")}
              onChange={(event) => onChange({ username: event.target.value })}
            />
          )}
        </Field>
        <Field label={say("password")} hint={hint}>
          {(control) => (
            <Input
              {...control}
              type="password"
              value={draft.password}
              maxLength={4096}
              autoComplete="new-password"
              disabled={draft.username.trim() === ""}
              placeholder={isKept && !isLost ? "••••••••" : undefined}
              onChange={(event) => onChange({ password: event.target.value, forgetPassword: false })}
            />
          )}
        </Field>
      </div>
      {isKept && draft.password === "" && (
        <Checkbox
          label={say("forgetPassword")}
          checked={draft.forgetPassword}
          onChange={(event) => onChange({ forgetPassword: event.target.checked })}
        />
      )}
    </div>
  )
}
