"use client"

import type { Target } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { losesPassword, type TargetDraft } from "./target-draft.ts"

interface LoginFieldsProps {
  readonly target: Target | undefined
  readonly draft: TargetDraft
  readonly keepsPasswords: boolean
  readonly onChange: (change: Partial<TargetDraft>) => void
}

/** User and password. The password goes in and never comes back. */
export function LoginFields({ target, draft, keepsPasswords, onChange }: LoginFieldsProps) {
  const say = useTranslations("targets")
  const isKept = target?.hasPassword === true
  const isLost = target !== undefined && losesPassword(target, draft)
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
        <Field label={say("username")}>
          {(control) => (
            <Input
              {...control}
              value={draft.username}
              maxLength={256}
              pattern="[^:]*"
              spellCheck={false}
              autoCapitalize="none"
              autoComplete="off"
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
