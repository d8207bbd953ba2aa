"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { formText } from "../../components/form-text.ts"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { makePassword } from "./make-password.ts"

/** As the application will have it. */
const shortest = 8

/** A password for somebody else: made up, or typed twice. Its fields, and `read`, which is undefined while the two are not the same. */
export function usePassword() {
  const say = useTranslations("pullUsers")
  const [isMadeUp, setMadeUp] = useState(true)
  const [differs, setDiffers] = useState(false)
  const fields = (
    <>
      <Checkbox
        label={say("makeUp")}
        hint={say("makeUpHint")}
        checked={isMadeUp}
        onChange={(event) => setMadeUp(event.target.checked)}
      />
      {!isMadeUp && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={say("password")} hint={say("passwordHint", { shortest })}>
            {(control) => (
              <Input {...control} name="password" type="password" autoComplete="new-password" minLength={shortest} required />
            )}
          </Field>
          <Field label={say("repeat")} problem={differs ? say("differs") : undefined}>
            {(control) => <Input {...control} name="repeated" type="password" autoComplete="new-password" required />}
          </Field>
        </div>
      )}
    </>
  )
  function read(form: FormData): string | undefined {
    if (isMadeUp) return makePassword()
    const typed = formText(form, "password")
    const isSame = typed === formText(form, "repeated")
    setDiffers(!isSame)
    return isSame ? typed : undefined
  }
  return { fields, read } as const
}
