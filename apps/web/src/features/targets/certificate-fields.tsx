"use client"

import type { Target } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Textarea } from "../../components/ui/textarea.tsx"
import type { TargetDraft } from "./target-draft.ts"

interface CertificateFieldsProps {
  readonly target: Target | undefined
  readonly draft: TargetDraft
  readonly onChange: (change: Partial<TargetDraft>) => void
}

/** How the connection is secured: seldom touched, hence folded unless it is not as usual. */
export function CertificateFields({ target, draft, onChange }: CertificateFieldsProps) {
  const say = useTranslations("targets")
  const isUnusual = target !== undefined && (target.plainHttp || !target.tlsVerify || target.hasCa)
  return (
    <details open={isUnusual} className="rounded-md border px-3 py-2 text-sm">
      <summary className="font-medium">{say("connection")}</summary>
      <div className="mt-3 grid gap-4 pb-1">
        <Checkbox
          label={say("plainHttp")}
          hint={say("plainHttpHint")}
          checked={draft.plainHttp}
          onChange={(event) => onChange({ plainHttp: event.target.checked })}
        />
        <Checkbox
          label={say("tlsVerify")}
          hint={draft.tlsVerify ? undefined : say("tlsVerifyOff")}
          checked={draft.tlsVerify}
          onChange={(event) => onChange({ tlsVerify: event.target.checked })}
        />
        <Field label={say("ca")} hint={say(target?.hasCa ? "caKept" : "caHint")}>
          {(control) => (
            <Textarea
              {...control}
              value={draft.ca}
              maxLength={65_536}
              spellCheck={false}
              placeholder="-----BEGIN CERTIFICATE-----"
              className="min-h-24 text-xs"
              onChange={(event) => onChange({ ca: event.target.value, forgetCa: false })}
            />
          )}
        </Field>
        {target?.hasCa && draft.ca === "" && (
          <Checkbox
            label={say("forgetCa")}
            checked={draft.forgetCa}
            onChange={(event) => onChange({ forgetCa: event.target.checked })}
          />
        )}
      </div>
    </details>
  )
}
