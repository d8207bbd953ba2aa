"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useMemo } from "react"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { Select } from "../../components/ui/select.tsx"
import { frequencies, type ScheduleDraft } from "./schedule-draft.ts"
import { ownTimeZone, timeZones } from "./time-zones.ts"
import { useWeekdayWord } from "./use-rhythm-words.ts"

interface WhenFieldsProps {
  readonly draft: ScheduleDraft
  /** Why the application takes it for no time. */
  readonly problem: ReactNode
  readonly onChange: (change: Partial<ScheduleDraft>) => void
}

/** Monday first, as calendars of most readers have it. */
const weekdays = [1, 2, 3, 4, 5, 6, 0]

/** How often, at which time, and by whose clock. */
export function WhenFields({ draft, problem, onChange }: WhenFieldsProps) {
  const say = useTranslations("schedules")
  const weekdayWord = useWeekdayWord()
  const zones = useMemo(() => timeZones(draft.timeZone, ownTimeZone(), "Asia/Shanghai"), [draft.timeZone])
  const hasTime = draft.frequency === "day" || draft.frequency === "week" || draft.frequency === "month"
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={say("frequency")}>
        {(control) => (
          <Select
            {...control}
            value={draft.frequency}
            onChange={(event) => {
              const frequency = frequencies.find((known) => known === event.target.value)
              if (frequency !== undefined) onChange({ frequency })
            }}
          >
            {frequencies.map((frequency) => (
              <option key={frequency} value={frequency}>
                {say(`frequencies.${frequency}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {hasTime && (
        <Field label={say("time")}>
          {(control) => (
            <Input
              {...control}
              type="time"
              required
              value={draft.time}
              onChange={(event) => onChange({ time: event.target.value })}
            />
          )}
        </Field>
      )}
      {draft.frequency === "custom" && (
        <Field label={say("cron")} hint={say("cronHint")} problem={problem}>
          {(control) => (
            <Input
              {...control}
              mono
              required
              value={draft.cron}
              maxLength={128}
              spellCheck={false}
              onChange={(event) => onChange({ cron: event.target.value })}
            />
          )}
        </Field>
      )}
      {draft.frequency === "week" && (
        <fieldset className="sm:col-span-2">
          <legend className="mb-1.5 text-sm font-medium">{say("weekdays")}</legend>
          <div className="flex flex-wrap gap-1.5">
            {weekdays.map((weekday) => (
              <label
                key={weekday}
                className="flex h-9 items-center gap-1.5 rounded-md border border-input px-2.5 text-sm has-checked:border-primary has-checked:bg-primary-soft has-focus-visible:outline-2 has-focus-visible:outline-ring"
              >
                <input
                  type="checkbox"
                  className="size-3.5 accent-primary"
                  checked={draft.weekdays.includes(weekday)}
                  onChange={(event) =>
                    onChange({
                      weekdays: event.target.checked
                        ? [...draft.weekdays, weekday].toSorted((a, b) => a - b)
                        : draft.weekdays.filter((other) => other !== weekday),
                    })
                  }
                />
                {weekdayWord(weekday)}
              </label>
            ))}
          </div>
          {draft.weekdays.length === 0 && <p className="mt-1.5 text-sm text-danger">{say("needsWeekday")}</p>}
        </fieldset>
      )}
      {draft.frequency === "month" && (
        <Field label={say("day")} hint={draft.day > 28 ? say("dayHint") : undefined}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              max={31}
              required
              value={draft.day}
              onChange={(event) => onChange({ day: event.target.valueAsNumber || 1 })}
            />
          )}
        </Field>
      )}
      <Field label={say("timeZone")}>
        {(control) => (
          <Select {...control} value={draft.timeZone} onChange={(event) => onChange({ timeZone: event.target.value })}>
            {zones.map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  )
}
