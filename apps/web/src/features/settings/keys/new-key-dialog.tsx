"use client"

import type { Me } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { formText } from "../../../components/form-text.ts"
import { Problem } from "../../../components/problem.tsx"
import { Alert } from "../../../components/ui/alert.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { Checkbox } from "../../../components/ui/checkbox.tsx"
import { CopyButton } from "../../../components/ui/copy-button.tsx"
import { Dialog } from "../../../components/ui/dialog.tsx"
import { Field } from "../../../components/ui/field.tsx"
import { Input } from "../../../components/ui/input.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { dayOf, endOfDay, offeredScopes, scopeWord } from "./key-view.ts"

interface NewKeyDialogProps {
  readonly me: Me
  readonly open: boolean
  readonly onClose: () => void
}

/** Makes a key, and shows its secret this once. */
export function NewKeyDialog({ me, open, onClose }: NewKeyDialogProps) {
  const say = useTranslations()
  const [secret, setSecret] = useState<string>()
  function close(): void {
    setSecret(undefined)
    onClose()
  }
  return (
    <Dialog open={open} onClose={close} title={say("settings.keys.add")} isForm>
      {secret === undefined ? (
        <NewKeyForm me={me} onMade={setSecret} onCancel={close} />
      ) : (
        <div className="grid gap-4">
          <Alert tone="warning">{say("settings.keys.secretOnce")}</Alert>
          <Field label={say("settings.keys.secret")}>
            {(control) => <Input {...control} mono readOnly value={secret} onFocus={(event) => event.currentTarget.select()} />}
          </Field>
          <div className="flex flex-wrap items-center justify-end gap-2">
            <CopyButton text={secret} label={say("settings.keys.copySecret")} />
            <Button onClick={close}>{say("settings.keys.done")}</Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}

interface NewKeyFormProps {
  readonly me: Me
  readonly onMade: (secret: string) => void
  readonly onCancel: () => void
}

function NewKeyForm({ me, onMade, onCancel }: NewKeyFormProps) {
  const say = useTranslations()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [lacksScope, setLacksScope] = useState(false)
  const create = useMutation(
    trpc.accounts.keys.create.mutationOptions({
      onSuccess: async ({ secret }) => {
        onMade(secret)
        await queries.invalidateQueries({ queryKey: trpc.accounts.keys.pathKey() })
      },
      // Nothing of the secret is remembered once it was shown.
      gcTime: 0,
    }),
  )
  const offered = offeredScopes(me.role)

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const chosen = form.getAll("scope")
    const scopes = offered.filter((scope) => chosen.includes(scope))
    setLacksScope(scopes.length === 0)
    if (scopes.length === 0) return
    const lastDay = formText(form, "lastDay")
    create.mutate({ name: formText(form, "name").trim(), scopes, expiresAt: lastDay === "" ? null : endOfDay(lastDay) })
  }

  return (
    <form className="grid gap-4" autoComplete="off" onSubmit={submit}>
      <Field label={say("settings.keys.name")} hint={say("settings.keys.nameHint")}>
        {(control) => <Input {...control} name="name" maxLength={100} pattern=".*\S.*" required autoFocus placeholder="ci" />}
      </Field>
      <fieldset className="grid gap-2">
        <legend className="mb-2 text-sm font-medium">{say("settings.keys.scopes")}</legend>
        {offered.map((scope) => (
          <Checkbox
            key={scope}
            name="scope"
            value={scope}
            defaultChecked={scope === "jobs:read"}
            label={say(`settings.keys.scope.${scopeWord(scope)}`)}
          />
        ))}
        {lacksScope && (
          <p role="alert" className="text-sm text-danger">
            {say("settings.keys.needsScope")}
          </p>
        )}
      </fieldset>
      <Field label={say("settings.keys.lastDay")} hint={say("settings.keys.lastDayHint")}>
        {(control) => <Input {...control} name="lastDay" type="date" min={dayOf(Date.now())} max="9999-12-31" />}
      </Field>
      {create.error && <Problem error={create.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="outline" onClick={onCancel}>
          {say("common.cancel")}
        </Button>
        <Button type="submit" disabled={create.isPending} aria-busy={create.isPending}>
          {say("settings.keys.make")}
        </Button>
      </div>
    </form>
  )
}
