"use client"

import { useTranslations } from "next-intl"
import { useCallback, useState } from "react"
import { Field } from "../../components/ui/field.tsx"
import { SearchBox } from "../../components/ui/search-box.tsx"
import { isStatus } from "./access-filter.ts"

interface StatusFieldProps {
  /** `404`, `4xx`, or empty. */
  readonly status: string
  readonly onChange: (status: string) => void
}

/** One status, or a class of them, as it is typed. */
export function StatusField({ status, onChange }: StatusFieldProps) {
  const say = useTranslations("accessLog")
  const [isWrong, setWrong] = useState(false)
  const search = useCallback(
    (text: string) => {
      const fits = text === "" || isStatus(text)
      setWrong(!fits)
      if (fits) onChange(text.toLowerCase())
    },
    [onChange],
  )
  return (
    <Field label={say("fields.status")} problem={isWrong ? say("filter.statusWrong") : undefined}>
      {(control) => <SearchBox control={control} value={status} placeholder={say("filter.statusHint")} onSearch={search} />}
    </Field>
  )
}
