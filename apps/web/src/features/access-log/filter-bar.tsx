"use client"

import { useTranslations } from "next-intl"
import { useCallback } from "react"
import { Button } from "../../components/ui/button.tsx"
import { Card } from "../../components/ui/card.tsx"
import { Disclosure } from "../../components/ui/disclosure.tsx"
import { Field } from "../../components/ui/field.tsx"
import { SearchBox } from "../../components/ui/search-box.tsx"
import { Select } from "../../components/ui/select.tsx"
import { useMedia } from "../../components/use-media.ts"
import { type AccessFilter, accessActions, cacheAnswers, isSameFilter, noFilter } from "./access-filter.ts"
import { StatusField } from "./status-field.tsx"
import { TimeField } from "./time-field.tsx"

interface FilterBarProps {
  readonly filter: AccessFilter
  readonly onChange: (change: Partial<AccessFilter>) => void
}

/** Narrows the log: by who, what, how it went, and when. Folded away where there is little room. */
export function FilterBar(props: FilterBarProps) {
  const say = useTranslations("accessLog.filter")
  const isWide = useMedia("(min-width: 48rem)")
  const count = Object.values(props.filter).filter((value) => value !== "").length
  return (
    <Card className="p-4" aria-label={say("title")}>
      {isWide ? (
        <Fields {...props} />
      ) : (
        <Disclosure summary={count === 0 ? say("title") : say("titleOf", { count })}>
          <Fields {...props} />
        </Disclosure>
      )}
    </Card>
  )
}

function Fields({ filter, onChange }: FilterBarProps) {
  const say = useTranslations("accessLog")
  const setUser = useCallback((user: string) => onChange({ user }), [onChange])
  const setAddress = useCallback((address: string) => onChange({ address }), [onChange])
  const setRepository = useCallback((repository: string) => onChange({ repository }), [onChange])
  return (
    <div className="grid grid-cols-2 gap-4 md:grid-cols-4">
      <Field label={say("fields.user")}>
        {(control) => <SearchBox control={control} value={filter.user} placeholder="" onSearch={setUser} />}
      </Field>
      <Field label={say("fields.address")}>
        {(control) => <SearchBox control={control} value={filter.address} placeholder="" onSearch={setAddress} />}
      </Field>
      <Field label={say("fields.repository")} hint={say("filter.repositoryHint")} className="col-span-2">
        {(control) => (
          <SearchBox control={control} value={filter.repository} placeholder="docker.io/library/nginx" onSearch={setRepository} />
        )}
      </Field>
      <Field label={say("fields.action")}>
        {(control) => (
          <Select
            {...control}
            value={filter.action}
            onChange={({ target }) => onChange({ action: accessActions.find((action) => action === target.value) ?? "" })}
          >
            <option value="">{say("filter.any")}</option>
            {accessActions.map((action) => (
              <option key={action} value={action}>
                {say(`actions.${action}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <StatusField status={filter.status} onChange={(status) => onChange({ status })} />
      <Field label={say("fields.cache")}>
        {(control) => (
          <Select
            {...control}
            value={filter.cache}
            onChange={({ target }) => onChange({ cache: cacheAnswers.find((cache) => cache === target.value) ?? "" })}
          >
            <option value="">{say("filter.any")}</option>
            {cacheAnswers.map((cache) => (
              <option key={cache} value={cache}>
                {say(`caches.${cache}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <TimeField filter={filter} onChange={onChange} />
      {!isSameFilter(filter, noFilter) && (
        <Button variant="outline" size="small" className="col-span-2 w-fit md:col-span-4" onClick={() => onChange(noFilter)}>
          {say("filter.clear")}
        </Button>
      )}
    </div>
  )
}
