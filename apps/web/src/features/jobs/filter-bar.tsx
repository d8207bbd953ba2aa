"use client"

import { useQuery } from "@tanstack/react-query"
import { useLocale, useTranslations } from "next-intl"
import { useCallback } from "react"
import { formatDay } from "../../components/time/format-time.ts"
import { Card } from "../../components/ui/card.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { SearchBox } from "../../components/ui/search-box.tsx"
import { Select } from "../../components/ui/select.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { Choice } from "../preferences/choice.tsx"
import { hostOptions } from "./host-options.ts"
import { dayRanges, filterKinds, filterStates, isRange, type JobFilter } from "./job-filter.ts"

interface FilterBarProps {
  readonly filter: JobFilter
  readonly onChange: (change: Partial<JobFilter>) => void
}

/** Narrows the list: by state, name, registry, kind and time. */
export function FilterBar({ filter, onChange }: FilterBarProps) {
  const say = useTranslations("jobs.filter")
  const search = useCallback((text: string) => onChange({ search: text }), [onChange])
  return (
    <Card className="grid gap-4 p-4" aria-label={say("title")}>
      <Choice
        label={say("state")}
        value={filter.state}
        options={filterStates.map((state) => ({ value: state, label: say(`states.${state}`) }))}
        onChange={(state) => onChange({ state })}
        className="w-fit max-w-full flex-wrap border-input text-sm"
      />
      <div className="grid grid-cols-2 gap-4 lg:grid-cols-[2fr_1.4fr_1.2fr_1fr]">
        <Field label={say("search")} className="col-span-2 lg:col-span-1">
          {(control) => <SearchBox control={control} value={filter.search} placeholder={say("searchHint")} onSearch={search} />}
        </Field>
        <HostField host={filter.host} onChange={onChange} />
        <Field label={say("kind")}>
          {(control) => (
            <Select
              {...control}
              value={filter.kind}
              onChange={({ target }) => onChange({ kind: filterKinds.find((kind) => kind === target.value) ?? "all" })}
            >
              {filterKinds.map((kind) => (
                <option key={kind} value={kind}>
                  {say(`kinds.${kind}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <TimeField filter={filter} onChange={onChange} />
      </div>
    </Card>
  )
}

function HostField({ host, onChange }: { readonly host: string; readonly onChange: FilterBarProps["onChange"] }) {
  const say = useTranslations("jobs.filter")
  const trpc = useTRPC()
  const { data } = useQuery(trpc.jobs.hosts.queryOptions(undefined, { staleTime: 60_000 }))
  return (
    <Field label={say("host")} className="col-span-2 lg:col-span-1">
      {(control) => (
        <Select {...control} value={host} onChange={({ target }) => onChange({ host: target.value })}>
          <option value="">{say("anyHost")}</option>
          {hostOptions(data?.hosts ?? [], host).map((option) => (
            <option key={option.host} value={option.host}>
              {option.jobs === 0 ? option.host : say("hostOption", option)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

const weekMs = 6 * 24 * 60 * 60 * 1000

function TimeField({ filter: { since, until }, onChange }: FilterBarProps) {
  const say = useTranslations("jobs.filter")
  const locale = useLocale()
  const chosen = until === "" && (since === "" || isRange(since)) ? since || "any" : "custom"
  const choose = (value: string) => {
    const now = Date.now()
    if (value === "custom") onChange({ since: formatDay(now - weekMs), until: formatDay(now) })
    else onChange({ since: isRange(value) ? value : "", until: "" })
  }
  return (
    <>
      <Field label={say("time")}>
        {(control) => (
          <Select {...control} value={chosen} onChange={({ target }) => choose(target.value)}>
            {(["any", ...dayRanges, "custom"] as const).map((range) => (
              <option key={range} value={range}>
                {say(`times.${range}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {chosen === "custom" && (
        <div className="col-span-2 grid grid-cols-2 gap-4 lg:col-span-4 lg:max-w-md">
          <Field label={say("from")}>
            {(control) => (
              <Input
                {...control}
                type="date"
                lang={locale}
                value={isRange(since) ? "" : since}
                max={until}
                onChange={({ target }) => onChange({ since: target.value })}
              />
            )}
          </Field>
          <Field label={say("until")}>
            {(control) => (
              <Input
                {...control}
                type="date"
                lang={locale}
                value={until}
                min={isRange(since) ? undefined : since}
                onChange={({ target }) => onChange({ until: target.value })}
              />
            )}
          </Field>
        </div>
      )}
    </>
  )
}
