import type { WebhookFormat, WebhookRecord } from "@entrepot/db/stores"
import { ServiceError } from "../errors/service-error.ts"
import type { WebhookInput } from "./webhook-service.ts"

const longestName = 100
const longestUrl = 2048
const longestSecret = 1024
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** Bots whose messages nobody signs. */
const unsigned: ReadonlySet<WebhookFormat> = new Set(["wecom", "slack"])

/** What is kept of a webhook in clear, as far as it is given. */
export type ClearWebhook = Partial<Pick<WebhookRecord, "name" | "format" | "host" | "events" | "enabled" | "locale">>

/** What is given of a webhook, checked: what is kept in clear, and its address as it is called. @throws ServiceError `invalid`. */
export function readWebhookFields(input: Partial<WebhookInput>): {
  readonly clear: ClearWebhook
  readonly url: string | undefined
} {
  const url = input.url === undefined ? undefined : readUrl(input.url)
  return {
    clear: {
      ...(input.name === undefined ? {} : { name: readName(input.name) }),
      ...(input.format === undefined ? {} : { format: input.format }),
      ...(url === undefined ? {} : { host: url.host }),
      ...(input.events === undefined ? {} : { events: readEvents(input.events) }),
      ...(input.enabled === undefined ? {} : { enabled: input.enabled }),
      ...(input.locale === undefined ? {} : { locale: input.locale }),
    },
    url: url?.href,
  }
}

/** A secret that messages in this format are signed with. @throws ServiceError `invalid`. */
export function checkSecret(secret: string, format: WebhookFormat): void {
  if (unsigned.has(format)) throw new ServiceError("invalid", `messages to a ${format} bot are not signed: there is no secret`)
  if (secret.trim() !== "" && secret.length <= longestSecret && !unprintable.test(secret)) return
  throw new ServiceError("invalid", `a secret has 1 to ${longestSecret} printable characters; null forgets the one that is kept`)
}

/** What is wrong is not repeated: the address may hold a bot's password. */
function readUrl(written: string): URL {
  const url = written.length <= longestUrl && URL.canParse(written.trim()) ? new URL(written.trim()) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hash !== "") {
    throw new ServiceError(
      "invalid",
      "a webhook's address is written like https://hooks.example.com/services/…, with https or http",
    )
  }
  if (url.username === "" && url.password === "") return url
  throw new ServiceError("invalid", "a webhook's address has no user and password in it; messages are signed instead")
}

function readEvents(events: WebhookInput["events"]): WebhookInput["events"] {
  if (events.length > 0) return [...new Set(events)]
  throw new ServiceError("invalid", "a webhook is told of one event at least")
}

function readName(name: string): string {
  const plain = name.trim()
  if (plain !== "" && plain.length <= longestName && !unprintable.test(plain)) return plain
  throw new ServiceError("invalid", `a webhook has a name of 1 to ${longestName} printable characters`)
}
