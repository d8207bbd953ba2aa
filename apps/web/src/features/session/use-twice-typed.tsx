"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { formText } from "../../components/form-text.ts"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"

interface TwiceTypedOptions {
  /** Of the first field, in its form. */
  readonly name: string
  readonly label: string
  readonly repeatLabel: string
  readonly autoFocus?: boolean
}

/** A new token or password, typed twice: its fields, and `read`, which is undefined while the two are not the same. */
export function useTwiceTyped({ name, label, repeatLabel, autoFocus = false }: TwiceTypedOptions) {
  const say = useTranslations("session")
  const [differs, setDiffers] = useState(false)
  const fields = (
    <>
      <Field label={label} hint={say("newTokenHint")}>
        {(control) => (
          <Input
            {...control}
            name={name}
            type="password"
            autoComplete="new-password"
            minLength={12}
            required
            autoFocus={autoFocus}
          />
        )}
      </Field>
      <Field label={repeatLabel} problem={differs ? say("differs") : undefined}>
        {(control) => <Input {...control} name="repeated" type="password" autoComplete="new-password" required />}
      </Field>
    </>
  )
  function read(form: FormData): string | undefined {
    const typed = formText(form, name)
    const isSame = typed === formText(form, "repeated")
    setDiffers(!isSame)
    return isSame ? typed : undefined
  }
  return { fields, read } as const
}
