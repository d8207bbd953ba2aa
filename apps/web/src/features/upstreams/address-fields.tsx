"use client"

import { useTranslations } from "next-intl"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import type { UpstreamDraft } from "./upstream-draft.ts"

interface AddressFieldsProps {
  readonly draft: UpstreamDraft
  readonly showsProblem: boolean
  readonly onChange: (change: Partial<UpstreamDraft>) => void
}

/** Where the upstream is, and below which path its repositories lie there. */
export function AddressFields({ draft, showsProblem, onChange }: AddressFieldsProps) {
  const say = useTranslations("upstreams")
  return (
    <div className="grid gap-4 sm:grid-cols-[3fr_2fr]">
      <Field label={say("url")} hint={say("urlHint")} problem={showsProblem ? say("urlInvalid") : undefined}>
        {(control) => (
          <Input
            {...control}
            {...asTyped}
            mono
            value={draft.url}
            maxLength={1024}
            required
            inputMode="url"
            placeholder="https://mirror.example.com"
            onChange={(event) => onChange({ url: event.target.value })}
          />
        )}
      </Field>
      <Field label={say("pathPrefix")} hint={say("pathPrefixHint")}>
        {(control) => (
          <Input
            {...control}
            {...asTyped}
            mono
            value={draft.pathPrefix}
            maxLength={256}
            placeholder="dockerhub-cache"
            onChange={(event) => onChange({ pathPrefix: event.target.value })}
          />
        )}
      </Field>
    </div>
  )
}
