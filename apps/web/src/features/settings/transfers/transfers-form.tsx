"use client"

import type { Settings, SettingsChanges } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { Problem } from "../../../components/problem.tsx"
import { Alert } from "../../../components/ui/alert.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { SettingField } from "./setting-field.tsx"
import { changesOfSettings, draftOfSettings, type SettingName, settingNames } from "./settings-draft.ts"

/** Changes what holds while the server runs; what is not saved is as configured. */
export function TransfersForm({ settings }: { readonly settings: Settings }) {
  const say = useTranslations()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(() => draftOfSettings(settings))
  const [tried, setTried] = useState(false)
  const update = useMutation(
    trpc.settings.update.mutationOptions({
      onSuccess: (saved, changes) => {
        queries.setQueryData(trpc.settings.get.queryKey(), saved)
        // What is still being typed elsewhere stays.
        const fresh = draftOfSettings(saved)
        setDraft((before) => ({
          ...before,
          ...Object.fromEntries(settingNames.filter((name) => name in changes).map((name) => [name, fresh[name]])),
        }))
      },
    }),
  )
  const { changes, problems } = changesOfSettings(settings, draft)
  const isChanged = Object.keys(changes).length > 0

  function save(wanted: SettingsChanges): void {
    update.mutate(wanted)
    setTried(false)
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    setTried(true)
    if (Object.keys(problems).length === 0 && isChanged) save(changes)
  }

  function type(name: SettingName, text: string): void {
    setDraft((before) => ({ ...before, [name]: text }))
    update.reset()
  }

  return (
    <form className="grid gap-6" onSubmit={submit} noValidate>
      <div className="grid gap-6 sm:grid-cols-2">
        {settingNames.map((name) => (
          <SettingField
            key={name}
            name={name}
            setting={settings[name]}
            text={draft[name]}
            problem={tried || draft[name].trim() !== "" ? problems[name] : undefined}
            busy={update.isPending}
            onType={(text) => type(name, text)}
            onForget={() => save({ [name]: "configured" })}
          />
        ))}
      </div>
      {update.error && <Problem error={update.error} />}
      {update.isSuccess && <Alert tone="success">{say("settings.transfers.savedNow")}</Alert>}
      <Button
        type="submit"
        className="justify-self-start"
        disabled={update.isPending || !(isChanged || Object.keys(problems).length > 0)}
        aria-busy={update.isPending}
      >
        {say("common.save")}
      </Button>
    </form>
  )
}
