"use client"

import { EntrepotError, type Schedule, type Target } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useLocale, useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { readImage } from "./image-hint.ts"
import { draftOfSchedule, inputOfSchedule, readPlatforms, type ScheduleDraft } from "./schedule-draft.ts"
import { TargetField } from "./target-field.tsx"
import { ownTimeZone } from "./time-zones.ts"
import { WhenFields } from "./when-fields.tsx"

interface ScheduleFormProps {
  /** Undefined makes a new one. */
  readonly schedule: Schedule | undefined
  readonly targets: readonly Target[]
  readonly defaultTarget: string | null
  readonly onDone: () => void
}

/** Makes or changes a schedule. */
export function ScheduleForm({ schedule, targets, defaultTarget, onDone }: ScheduleFormProps) {
  const say = useTranslations()
  const locale = useLocale()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(() => draftOfSchedule(schedule, ownTimeZone()))
  const saved = {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: trpc.schedules.pathKey() })
      onDone()
    },
  }
  const create = useMutation(trpc.schedules.create.mutationOptions(saved))
  const update = useMutation(trpc.schedules.update.mutationOptions(saved))
  const isSaving = create.isPending || update.isPending
  const error = create.error ?? update.error
  // Name, image and time zone are checked here already: what is left is a time that is none.
  const isNoTime = error instanceof EntrepotError && error.code === "invalid" && draft.frequency === "custom"

  const image = readImage(draft.image, locale)
  const platforms = readPlatforms(draft.platforms)
  const isTyped = draft.image.trim() !== ""

  function change(changes: Partial<ScheduleDraft>): void {
    setDraft((before) => ({ ...before, ...changes }))
    create.reset()
    update.reset()
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const hasDays = draft.frequency !== "week" || draft.weekdays.length > 0
    if (image.canonical === undefined || platforms === undefined || !hasDays) return
    const input = inputOfSchedule(draft, schedule)
    if (schedule === undefined) create.mutate(input)
    else update.mutate({ id: schedule.id, changes: input })
  }

  return (
    <form className="grid gap-4" onSubmit={submit}>
      <Field label={say("schedules.name")}>
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
      <Field
        label={say("schedules.image")}
        hint={
          image.canonical === undefined || !isTyped ? (
            say("schedules.imageHint")
          ) : (
            <span className="font-mono break-all">{image.canonical}</span>
          )
        }
        problem={isTyped && image.problem !== undefined ? `${say("schedules.imageInvalid")} ${image.problem}`.trim() : undefined}
      >
        {(control) => (
          <Input
            {...control}
            mono
            value={draft.image}
            required
            placeholder="nginx:latest"
            spellCheck={false}
            autoCapitalize="none"
            autoComplete="off"
            onChange={(event) => change({ image: event.target.value })}
          />
        )}
      </Field>
      <TargetField
        targets={targets}
        defaultTarget={defaultTarget}
        value={draft.targetId}
        onChange={(targetId) => change({ targetId })}
      />
      <WhenFields draft={draft} problem={isNoTime ? say("schedules.cronInvalid") : undefined} onChange={change} />
      <Field
        label={say("schedules.platforms")}
        hint={say("schedules.platformsHint")}
        problem={platforms === undefined ? say("schedules.platformsInvalid") : undefined}
      >
        {(control) => (
          <Input
            {...control}
            mono
            value={draft.platforms}
            placeholder="linux/amd64, linux/arm64"
            spellCheck={false}
            autoCapitalize="none"
            autoComplete="off"
            onChange={(event) => change({ platforms: event.target.value })}
          />
        )}
      </Field>
      {error && !isNoTime && <Problem error={error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="outline" onClick={onDone}>
          {say("common.cancel")}
        </Button>
        <Button type="submit" disabled={isSaving} aria-busy={isSaving}>
          {say("common.save")}
        </Button>
      </div>
    </form>
  )
}
