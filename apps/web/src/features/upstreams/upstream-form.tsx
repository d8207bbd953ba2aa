"use client"

import { EntrepotError, type Upstream } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { PlugZap } from "lucide-react"
import { useTranslations } from "next-intl"
import { type FormEvent, useEffect, useId, useRef, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { CheckAnswers } from "../targets/check-answers.tsx"
import { LoginFields } from "../targets/login-fields.tsx"
import { AddressFields } from "./address-fields.tsx"
import { ConnectionFields } from "./connection-fields.tsx"
import { changesOf, checkOf, draftOf, findProblem, inputOf, losesPassword, type UpstreamDraft } from "./upstream-draft.ts"

interface UpstreamFormProps {
  /** Undefined makes a new one. */
  readonly upstream: Upstream | undefined
  /** Whose images a new one is to serve; empty leaves it open. */
  readonly registry: string
  /** Those that are known already. */
  readonly registries: readonly string[]
  readonly keepsPasswords: boolean
  readonly onDone: () => void
}

/** Makes or changes an upstream; it can be tested before it is saved. */
export function UpstreamForm({ upstream, registry, registries, keepsPasswords, onDone }: UpstreamFormProps) {
  const say = useTranslations()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const known = useId()
  const [draft, setDraft] = useState(() => draftOf(upstream, registry))
  const [tried, setTried] = useState(false)
  const answers = useRef<HTMLDivElement>(null)
  const saved = {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: trpc.upstreams.pathKey() })
      onDone()
    },
  }
  const create = useMutation(trpc.upstreams.create.mutationOptions(saved))
  const update = useMutation(trpc.upstreams.update.mutationOptions(saved))
  const check = useMutation(trpc.upstreams.check.mutationOptions())
  const isSaving = create.isPending || update.isPending
  const error = create.error ?? update.error
  const isTaken = error instanceof EntrepotError && error.code === "conflict"
  const problem = findProblem(draft)
  const checked = checkOf(upstream, draft)

  useEffect(() => {
    if (check.data !== undefined) answers.current?.scrollIntoView({ block: "nearest" })
  }, [check.data])

  function change(changes: Partial<UpstreamDraft>): void {
    setDraft((before) => ({ ...before, ...changes }))
    if (!("name" in changes || "registry" in changes)) check.reset()
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    setTried(true)
    if (problem !== undefined) return
    if (upstream === undefined) create.mutate(inputOf(draft, keepsPasswords))
    else update.mutate({ id: upstream.id, changes: changesOf(upstream, draft, keepsPasswords) })
  }

  return (
    <form className="grid gap-4" autoComplete="off" onSubmit={submit}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={say("upstreams.name")}
          hint={say("upstreams.nameHint")}
          problem={isTaken ? say("upstreams.nameTaken") : undefined}
        >
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
        <Field label={say("upstreams.registry")} hint={say("upstreams.registryHint")}>
          {(control) => (
            <Input
              {...control}
              {...asTyped}
              mono
              list={known}
              value={draft.registry}
              maxLength={256}
              required
              placeholder="docker.io"
              onChange={(event) => change({ registry: event.target.value })}
            />
          )}
        </Field>
        <datalist id={known}>
          {registries.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      </div>
      <AddressFields draft={draft} showsProblem={problem === "url" && (tried || draft.url.trim() !== "")} onChange={change} />
      <LoginFields
        draft={draft}
        isKept={upstream?.hasPassword === true}
        isLost={upstream !== undefined && losesPassword(upstream, draft)}
        keepsPasswords={keepsPasswords}
        usernameHint={say("upstreams.usernameHint")}
        onChange={change}
      />
      <ConnectionFields upstream={upstream} draft={draft} showsProblem={problem === "tagLifetime"} onChange={change} />
      <div ref={answers} className="empty:hidden">
        {check.data && <CheckAnswers check={check.data} />}
      </div>
      {check.error && <Problem error={check.error} />}
      {error && !isTaken && <Problem error={error} />}
      {problem !== "url" && checked === undefined && <Alert>{say("targets.testNeedsSecret")}</Alert>}
      <div className="flex flex-wrap justify-between gap-2">
        <Button
          variant="outline"
          disabled={checked === undefined || check.isPending}
          aria-busy={check.isPending}
          onClick={() => checked && check.mutate(checked)}
        >
          <PlugZap aria-hidden />
          {say(check.isPending ? "upstreams.testing" : "upstreams.test")}
        </Button>
        <div className="flex gap-2">
          <Button variant="outline" onClick={onDone}>
            {say("common.cancel")}
          </Button>
          <Button type="submit" disabled={isSaving} aria-busy={isSaving}>
            {say("common.save")}
          </Button>
        </div>
      </div>
    </form>
  )
}
