import type { Webhook, WebhookChanges, WebhookInput } from "@entrepot/client"
import { offeredEvents } from "./event-word.ts"
import { type WebhookFormat, webhookFormats } from "./webhook-formats.ts"

/** The form, as it stands. Address and secret are empty where they are to stay as they are kept. */
export interface WebhookDraft {
  readonly name: string
  readonly format: WebhookFormat
  readonly url: string
  readonly secret: string
  readonly forgetSecret: boolean
  readonly events: readonly Webhook["events"][number][]
  readonly locale: Webhook["locale"]
  readonly enabled: boolean
}

/** As it is saved; a new one tells of failures and of upstreams, in the language of the page. */
export function draftOf(webhook: Webhook | undefined, locale: Webhook["locale"]): WebhookDraft {
  const fresh = {
    name: "",
    format: "dingtalk",
    events: offeredEvents.filter((event) => event !== "job.succeeded"),
    locale,
    enabled: true,
  } as const
  const { name, format, events, locale: spoken, enabled } = webhook ?? fresh
  return { name, format, url: "", secret: "", forgetSecret: false, events, locale: spoken, enabled }
}

/** Whether what was typed reads as an address; the application looks closer. */
export function isWebhookUrl(text: string): boolean {
  const typed = text.trim()
  return /^https?:\/\//i.test(typed) && URL.canParse(typed)
}

/** Whether the secret that is kept goes with the change: it was for another receiver. */
export function losesSecret({ hasSecret, format, host }: Webhook, draft: WebhookDraft): boolean {
  if (!hasSecret) return false
  if (draft.format !== format) return true
  return isWebhookUrl(draft.url) && new URL(draft.url.trim()).host !== host
}

/** What is asked to be saved of a new webhook. */
export function inputOf(draft: WebhookDraft): WebhookInput {
  const { name, format, url, events, locale, enabled } = draft
  return { name: name.trim(), format, url: url.trim(), secret: secretOf(draft) ?? null, events: [...events], locale, enabled }
}

/** What has changed, and nothing else. */
export function changesOf(webhook: Webhook, draft: WebhookDraft): WebhookChanges {
  const { format, url, events, locale, enabled, forgetSecret } = draft
  const name = draft.name.trim()
  const secret = forgetSecret ? null : secretOf(draft)
  const sameEvents = events.length === webhook.events.length && events.every((event) => webhook.events.includes(event))
  return {
    ...(name === webhook.name ? {} : { name }),
    ...(format === webhook.format ? {} : { format }),
    ...(url.trim() === "" ? {} : { url: url.trim() }),
    ...(secret === undefined ? {} : { secret }),
    ...(sameEvents ? {} : { events: [...events] }),
    ...(locale === webhook.locale ? {} : { locale }),
    ...(enabled === webhook.enabled ? {} : { enabled }),
  }
}

/** What was typed for a format that signs. */
function secretOf({ format, secret }: WebhookDraft): string | undefined {
  return webhookFormats[format].isSigned && secret !== "" ? secret : undefined
}
