"use client"

import { useTranslations } from "next-intl"
import type { Ref } from "react"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"

interface LoginFieldsProps {
  readonly username: string
  readonly onUsername: (username: string) => void
  /** The password is read from its field when it is sent, and kept nowhere else. */
  readonly passwordRef: Ref<HTMLInputElement>
  readonly onPassword?: () => void
  readonly passwordName: string
  readonly problem: string | undefined
}

/** User and password of a registry. */
export function LoginFields({ username, onUsername, passwordRef, onPassword, passwordName, problem }: LoginFieldsProps) {
  const say = useTranslations("mirror")
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
      <Field label={say("username")}>
        {(control) => (
          <Input
            {...control}
            value={username}
            onChange={(event) => onUsername(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={256}
          />
        )}
      </Field>
      <Field label={say("password")} problem={problem}>
        {(control) => (
          <Input
            {...control}
            ref={passwordRef}
            name={passwordName}
            type="password"
            autoComplete="new-password"
            maxLength={4096}
            onChange={onPassword}
          />
        )}
      </Field>
    </div>
  )
}
