"use client"

import type { Upstream } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import { Textarea } from "../../components/ui/textarea.tsx"
import { TrustFields } from "../targets/trust-fields.tsx"
import type { UpstreamDraft } from "./upstream-draft.ts"

interface ConnectionFieldsProps {
  readonly upstream: Upstream | undefined
  readonly draft: UpstreamDraft
  /** The lifetime cannot be read. */
  readonly showsProblem: boolean
  readonly onChange: (change: Partial<UpstreamDraft>) => void
}

/** What is seldom touched, hence folded unless it is not as usual: certificates, how long tags are believed, names of its own. */
export function ConnectionFields({ upstream, draft, showsProblem, onChange }: ConnectionFieldsProps) {
  const say = useTranslations("upstreams")
  const isUnusual =
    upstream !== undefined &&
    (!upstream.tlsVerify || upstream.hasCa || upstream.tagLifetimeMs !== null || upstream.virtualHosts.length > 0)
  return (
    <details open={isUnusual} className="rounded-md border px-3 py-2 text-sm">
      <summary className="font-medium">{say("more")}</summary>
      <div className="mt-3 grid gap-4 pb-1">
        <Field
          label={say("tagLifetime")}
          hint={say("tagLifetimeHint")}
          problem={showsProblem ? say("tagLifetimeInvalid") : undefined}
        >
          {(control) => (
            <Input
              {...control}
              value={draft.tagLifetime}
              inputMode="numeric"
              autoComplete="off"
              className="max-w-40 tabular-nums"
              onChange={(event) => onChange({ tagLifetime: event.target.value })}
            />
          )}
        </Field>
        <Field label={say("virtualHosts")} hint={say("virtualHostsHint")}>
          {(control) => (
            <Textarea
              {...control}
              {...asTyped}
              value={draft.virtualHosts}
              maxLength={4096}
              placeholder="hub.mirror.example.com"
              className="min-h-16"
              onChange={(event) => onChange({ virtualHosts: event.target.value })}
            />
          )}
        </Field>
        <TrustFields
          draft={draft}
          hasCa={upstream?.hasCa === true}
          hintWithout={say("tlsVerifyOff")}
          longestCa={262_144}
          onChange={onChange}
        />
      </div>
    </details>
  )
}
