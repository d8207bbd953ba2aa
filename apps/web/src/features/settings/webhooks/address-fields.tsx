"use client"

import type { Webhook } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Checkbox } from "../../../components/ui/checkbox.tsx"
import { Field } from "../../../components/ui/field.tsx"
import { asTyped, Input } from "../../../components/ui/input.tsx"
import { Select } from "../../../components/ui/select.tsx"
import { isWebhookUrl, losesSecret, type WebhookDraft } from "./webhook-draft.ts"
import { formatNames, webhookFormats } from "./webhook-formats.ts"

interface AddressFieldsProps {
  /** Undefined: a new one. */
  readonly webhook: Webhook | undefined
  readonly draft: WebhookDraft
  readonly onChange: (changes: Partial<WebhookDraft>) => void
}

/** Where messages go, and what they are signed with. Both go in and never come back. */
export function AddressFields({ webhook, draft, onChange }: AddressFieldsProps) {
  const say = useTranslations("webhooks")
  const { example, isSigned } = webhookFormats[draft.format]
  const isKept = webhook?.hasSecret === true && !losesSecret(webhook, draft)
  const isLost = webhook !== undefined && losesSecret(webhook, draft)
  const isWrong = draft.url.trim() !== "" && !isWebhookUrl(draft.url)
  return (
    <>
      <Field label={say("format")} hint={say(`find.${draft.format}`)}>
        {(control) => (
          <Select
            {...control}
            value={draft.format}
            onChange={(event) => {
              const format = formatNames.find((name) => name === event.target.value)
              if (format !== undefined) onChange({ format })
            }}
          >
            {formatNames.map((name) => (
              <option key={name} value={name}>
                {say(`formats.${name}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label={say("url")}
        hint={webhook === undefined ? say("urlHint") : say("urlKept", { host: webhook.host })}
        problem={isWrong ? say("urlInvalid") : undefined}
      >
        {(control) => (
          <Input
            {...control}
            {...asTyped}
            mono
            inputMode="url"
            value={draft.url}
            required={webhook === undefined}
            maxLength={2048}
            placeholder={example}
            onChange={(event) => onChange({ url: event.target.value })}
          />
        )}
      </Field>
      {isSigned && (
        <Field label={say("secret")} hint={say(isLost ? "secretLost" : isKept ? "secretKept" : "secretHint")}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="new-password"
              maxLength={1024}
              value={draft.secret}
              placeholder={isKept ? "••••••••" : undefined}
              onChange={(event) => onChange({ secret: event.target.value, forgetSecret: false })}
            />
          )}
        </Field>
      )}
      {isSigned && isKept && draft.secret === "" && (
        <Checkbox
          label={say("forgetSecret")}
          checked={draft.forgetSecret}
          onChange={(event) => onChange({ forgetSecret: event.target.checked })}
        />
      )}
    </>
  )
}
