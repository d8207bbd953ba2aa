"use client"

import { EntrepotError, type Target } from "@entrepot/client"
import { describeHint } from "@entrepot/core/errors"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { PlugZap } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { type FormEvent, useEffect, useRef, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { useMe } from "../session/use-me.ts"
import { CertificateFields } from "./certificate-fields.tsx"
import { CheckAnswers } from "./check-answers.tsx"
import { LoginFields } from "./login-fields.tsx"
import { addressProblem, previewNaming } from "./naming-example.ts"
import { NamingField } from "./naming-field.tsx"
import { changesOf, checkOf, draftOf, inputOf, losesPassword, namingOf, type TargetDraft } from "./target-draft.ts"

interface TargetFormProps {
  /** Undefined makes a new one. */
  readonly target: Target | undefined
  readonly keepsPasswords: boolean
  readonly onDone: () => void
  /** Somebody changed the target meanwhile: it is to be read anew, and the form to begin with that. */
  readonly onReload: () => void
}

/** Makes or changes a target; it can be tested before it is saved. */
export function TargetForm({ target, keepsPasswords, onDone, onReload }: TargetFormProps) {
  const say = useTranslations()
  const locale = useLocale()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const { me } = useMe()
  const [draft, setDraft] = useState(() => draftOf(target))
  const [tried, setTried] = useState(false)
  const answers = useRef<HTMLDivElement>(null)

  const saved = {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: trpc.targets.pathKey() })
      onDone()
    },
  }
  const create = useMutation(trpc.targets.create.mutationOptions(saved))
  const update = useMutation(trpc.targets.update.mutationOptions(saved))
  const check = useMutation(trpc.targets.check.mutationOptions())
  const isSaving = create.isPending || update.isPending
  const error = create.error ?? update.error
  const isConflict = error instanceof EntrepotError && error.code === "conflict"

  useEffect(() => {
    if (check.data !== undefined) answers.current?.scrollIntoView({ block: "nearest" })
  }, [check.data])

  const addressFault = addressProblem(draft.address)
  const checked = addressFault === undefined ? checkOf(target, draft) : undefined

  function change(changes: Partial<TargetDraft>): void {
    setDraft((before) => ({ ...before, ...changes }))
    if (!("name" in changes || "shared" in changes)) check.reset()
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    setTried(true)
    if (addressFault !== undefined || previewNaming(namingOf(draft), draft.address).problem !== undefined) return
    if (target === undefined) create.mutate(inputOf(draft, keepsPasswords))
    else update.mutate({ id: target.id, version: target.version, changes: changesOf(target, draft, keepsPasswords) })
  }

  return (
    <form className="grid gap-4" onSubmit={submit}>
      <Field label={say("targets.name")} hint={say("targets.nameHint")}>
        {(control) => (
          <Input
            {...control}
            value={draft.name}
            maxLength={100}
            required
            autoFocus
            autoComplete="off"
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={say("targets.address")}
        hint={say("targets.addressHint")}
        problem={
          addressFault !== undefined && (tried || draft.address.trim() !== "")
            ? `${say("targets.addressInvalid")} ${addressFault.hint === undefined ? "" : describeHint(addressFault.hint, locale)}`
            : undefined
        }
      >
        {(control) => (
          <Input
            {...control}
            mono
            value={draft.address}
            required
            placeholder="harbor.example.com/proxy"
            spellCheck={false}
            autoCapitalize="none"
            autoComplete="off"
            inputMode="url"
            onChange={(event) => change({ address: event.target.value })}
          />
        )}
      </Field>
      <LoginFields
        draft={draft}
        isKept={target?.hasPassword === true}
        isLost={target !== undefined && losesPassword(target, draft)}
        keepsPasswords={keepsPasswords}
        onChange={change}
      />
      <NamingField draft={draft} onChange={change} />
      <CertificateFields target={target} draft={draft} onChange={change} />
      {me?.role === "admin" && (
        <Checkbox
          label={say("targets.shared")}
          hint={say("targets.sharedHint")}
          checked={draft.shared}
          onChange={(event) => change({ shared: event.target.checked })}
        />
      )}
      <div ref={answers} className="empty:hidden">
        {check.data && <CheckAnswers check={check.data} />}
      </div>
      {check.error && <Problem error={check.error} />}
      {isConflict ? (
        <Alert tone="warning">
          <p>{say("targets.conflict")}</p>
          <Button variant="outline" size="small" onClick={onReload}>
            {say("targets.reload")}
          </Button>
        </Alert>
      ) : (
        error && <Problem error={error} />
      )}
      {addressFault === undefined && checked === undefined && (
        <p className="text-sm text-muted-foreground">{say("targets.testNeedsSecret")}</p>
      )}
      <div className="flex flex-wrap justify-between gap-2">
        <Button
          variant="outline"
          disabled={checked === undefined || check.isPending}
          aria-busy={check.isPending}
          onClick={() => checked && check.mutate(checked)}
        >
          <PlugZap aria-hidden />
          {say(check.isPending ? "targets.testing" : "targets.test")}
        </Button>
        <div className="flex gap-2">
          <Button variant="outline" onClick={onDone}>
            {say("common.cancel")}
          </Button>
          <Button type="submit" disabled={isSaving || isConflict} aria-busy={isSaving}>
            {say("common.save")}
          </Button>
        </div>
      </div>
    </form>
  )
}
