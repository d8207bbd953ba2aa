"use client"

import { useTranslations } from "next-intl"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Textarea } from "../../components/ui/textarea.tsx"
import type { TargetDraft } from "./target-draft.ts"

type TrustDraft = Pick<TargetDraft, "tlsVerify" | "ca" | "forgetCa">

interface TrustFieldsProps {
  readonly draft: TrustDraft
  /** A certificate is saved of what is changed here. */
  readonly hasCa: boolean
  /** What may happen where certificates are not verified. */
  readonly hintWithout: string
  /** Characters that the application takes. */
  readonly longestCa: number
  readonly onChange: (change: Partial<TrustDraft>) => void
}

/** Which certificates of a registry are believed. */
export function TrustFields({ draft, hasCa, hintWithout, longestCa, onChange }: TrustFieldsProps) {
  const say = useTranslations("targets")
  return (
    <>
      <Checkbox
        label={say("tlsVerify")}
        hint={draft.tlsVerify ? undefined : hintWithout}
        checked={draft.tlsVerify}
        onChange={(event) => onChange({ tlsVerify: event.target.checked })}
      />
      <Field label={say("ca")} hint={say(hasCa ? "caKept" : "caHint")}>
        {(control) => (
          <Textarea
            {...control}
            value={draft.ca}
            maxLength={longestCa}
            spellCheck={false}
            placeholder="-----BEGIN CERTIFICATE-----"
            className="min-h-24 text-xs"
            onChange={(event) => onChange({ ca: event.target.value, forgetCa: false })}
          />
        )}
      </Field>
      {hasCa && draft.ca === "" && (
        <Checkbox
          label={say("forgetCa")}
          checked={draft.forgetCa}
          onChange={(event) => onChange({ forgetCa: event.target.checked })}
        />
      )}
    </>
  )
}
