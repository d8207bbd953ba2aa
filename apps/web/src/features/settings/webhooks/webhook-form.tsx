"use client"

import { EntrepotError, type Webhook } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useLocale, useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { Problem } from "../../../components/problem.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { Checkbox } from "../../../components/ui/checkbox.tsx"
import { Field } from "../../../components/ui/field.tsx"
import { Input } from "../../../components/ui/input.tsx"
import { Select } from "../../../components/ui/select.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { AddressFields } from "./address-fields.tsx"
import { eventWord, offeredEvents } from "./event-word.ts"
import { changesOf, draftOf, inputOf, isWebhookUrl, type WebhookDraft } from "./webhook-draft.ts"

interface WebhookFormProps {
  /** Undefined makes a new one. */
  readonly webhook: Webhook | undefined
  readonly onDone: () => void
}

/** Makes or changes a webhook. */
export function WebhookForm({ webhook, onDone }: WebhookFormProps) {
  const say = useTranslations("webhooks")
  const sayCommon = useTranslations("common")
  const locale = useLocale()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(() => draftOf(webhook, locale))
  const saved = {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: trpc.webhooks.pathKey() })
      onDone()
    },
  }
  const create = useMutation(trpc.webhooks.create.mutationOptions(saved))
  const update = useMutation(trpc.webhooks.update.mutationOptions(saved))
  const error = create.error ?? update.error
  const isTaken = error instanceof EntrepotError && error.code === "conflict"
  const isSaving = create.isPending || update.isPending
  const change = (changes: Partial<WebhookDraft>) => setDraft((before) => ({ ...before, ...changes }))

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (draft.events.length === 0 || (draft.url.trim() !== "" && !isWebhookUrl(draft.url))) return
    if (webhook === undefined) create.mutate(inputOf(draft))
    else update.mutate({ id: webhook.id, changes: changesOf(webhook, draft) })
  }

  return (
    <form className="grid gap-4" autoComplete="off" onSubmit={submit}>
      <Field label={say("name")} hint={say("nameHint")} problem={isTaken ? say("taken") : undefined}>
        {(control) => (
          <Input
            {...control}
            value={draft.name}
            maxLength={100}
            pattern=".*\S.*"
            required
            autoFocus
            autoComplete="off"
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <AddressFields webhook={webhook} draft={draft} onChange={change} />
      <fieldset className="grid gap-2">
        <legend className="mb-2 text-sm font-medium">{say("eventsLabel")}</legend>
        {offeredEvents.map((event) => (
          <Checkbox
            key={event}
            label={say(`events.${eventWord(event)}`)}
            checked={draft.events.includes(event)}
            onChange={({ target }) =>
              change({
                events: target.checked ? [...draft.events, event] : draft.events.filter((other) => other !== event),
              })
            }
          />
        ))}
        {draft.events.length === 0 && (
          <p role="alert" className="text-sm text-danger">
            {say("needsEvent")}
          </p>
        )}
      </fieldset>
      <Field label={say("locale")}>
        {(control) => (
          <Select
            {...control}
            value={draft.locale}
            onChange={(event) => change({ locale: event.target.value === "zh" ? "zh" : "en" })}
          >
            <option value="zh">中文</option>
            <option value="en">English</option>
          </Select>
        )}
      </Field>
      <Checkbox label={say("enabled")} checked={draft.enabled} onChange={(event) => change({ enabled: event.target.checked })} />
      {error && !isTaken && <Problem error={error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="outline" onClick={onDone}>
          {sayCommon("cancel")}
        </Button>
        <Button type="submit" disabled={isSaving} aria-busy={isSaving}>
          {sayCommon("save")}
        </Button>
      </div>
    </form>
  )
}
