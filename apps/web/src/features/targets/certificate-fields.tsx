"use client"

import type { Target } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import type { TargetDraft } from "./target-draft.ts"
import { TrustFields } from "./trust-fields.tsx"

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
        <TrustFields
          draft={draft}
          hasCa={target?.hasCa === true}
          hintWithout={say("tlsVerifyOff")}
          longestCa={65_536}
          onChange={onChange}
        />
      </div>
    </details>
  )
}
