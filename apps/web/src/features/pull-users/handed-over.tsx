"use client"

import { useTranslations } from "next-intl"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { CopyButton } from "../../components/ui/copy-button.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { useOwnRegistry } from "../../connection/use-own-registry.ts"

interface HandedOverProps {
  readonly name: string
  readonly password: string
  readonly onDone: () => void
}

/** A new password, shown this once, and the command that asks for it. */
export function HandedOver({ name, password, onDone }: HandedOverProps) {
  const say = useTranslations("pullUsers")
  const host = useOwnRegistry()
  // The password is asked for, so that it stands in no shell's history.
  const command = `docker login ${host ?? ""} -u ${name}`
  return (
    <div className="grid gap-4">
      <Alert tone="warning">{say("once")}</Alert>
      <div className="flex items-start gap-2 [&>button]:mt-7">
        <Field className="flex-1" label={say("passwordOf", { name })}>
          {(control) => <Input {...control} mono readOnly value={password} onFocus={(event) => event.currentTarget.select()} />}
        </Field>
        <CopyButton iconOnly text={password} label={say("copyPassword")} />
      </div>
      {host !== undefined && (
        <div className="flex items-start gap-2 [&>button]:mt-7">
          <Field className="flex-1" label={say("command")} hint={say("commandHint")}>
            {(control) => <Input {...control} mono readOnly value={command} onFocus={(event) => event.currentTarget.select()} />}
          </Field>
          <CopyButton iconOnly text={command} label={say("copyCommand")} />
        </div>
      )}
      <div className="flex justify-end">
        <Button onClick={onDone}>{say("done")}</Button>
      </div>
    </div>
  )
}
