"use client"

import { useLocale, useTranslations } from "next-intl"
import { formatTime } from "../../components/time/format-time.ts"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { Select } from "../../components/ui/select.tsx"
import { type AccessFilter, isTimeRange, timeRanges } from "./access-filter.ts"

interface TimeFieldProps {
  readonly filter: Pick<AccessFilter, "since" | "until">
  readonly onChange: (change: Pick<AccessFilter, "since" | "until">) => void
}

const hourMs = 3_600_000

/** A minute in local time, as the browser's own field writes it. */
function minuteOf(at: number): string {
  return formatTime(at).slice(0, "2024-01-15 14:30".length).replace(" ", "T")
}

/** The last hours or days, or from one minute to another. */
export function TimeField({ filter: { since, until }, onChange }: TimeFieldProps) {
  const say = useTranslations("accessLog.filter")
  const locale = useLocale()
  const chosen = until === "" && (since === "" || isTimeRange(since)) ? since || "any" : "custom"
  const choose = (value: string) => {
    if (value === "custom") onChange({ since: minuteOf(Date.now() - hourMs), until: "" })
    else onChange({ since: isTimeRange(value) ? value : "", until: "" })
  }
  return (
    <>
      <Field label={say("time")}>
        {(control) => (
          <Select {...control} value={chosen} onChange={({ target }) => choose(target.value)}>
            {(["any", ...timeRanges, "custom"] as const).map((range) => (
              <option key={range} value={range}>
                {say(`times.${range}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {chosen === "custom" && (
        <div className="col-span-2 grid gap-4 sm:grid-cols-2 md:col-span-4 md:max-w-xl">
          {(["since", "until"] as const).map((end) => (
            <Field key={end} label={say(end)}>
              {(control) => (
                <Input
                  {...control}
                  type="datetime-local"
                  lang={locale}
                  value={end === "until" ? until : isTimeRange(since) ? "" : since}
                  onChange={({ target }) => onChange({ since: isTimeRange(since) ? "" : since, until, [end]: target.value })}
                />
              )}
            </Field>
          ))}
        </div>
      )}
    </>
  )
}
