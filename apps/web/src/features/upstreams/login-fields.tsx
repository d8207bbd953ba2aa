"use client"

import type { Upstream } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import { losesPassword, type UpstreamDraft } from "./upstream-draft.ts"

interface LoginFieldsProps {
  readonly upstream: Upstream | undefined
  readonly draft: UpstreamDraft
  readonly keepsPasswords: boolean
  readonly onChange: (change: Partial<UpstreamDraft>) => void
}

/** User and password at the upstream. The password goes in and never comes back. */
export function LoginFields({ upstream, draft, keepsPasswords, onChange }: LoginFieldsProps) {
  const say = useTranslations("upstreams")
  const isKept = upstream?.hasPassword === true
  const isLost = upstream !== undefined && losesPassword(upstream, draft)
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
        <Field label={say("username")} hint={say("usernameHint")}>
          {(control) => (
            <Input
              {...control}
              {...asTyped}
              value={draft.username}
              maxLength={256}
              pattern="[^:]*"
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
