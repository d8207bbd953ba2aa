import type { JobFacts, UpstreamFacts } from "@entrepot/db/stores"
import type { WebhookMessage } from "../message.ts"
import { words } from "../words.ts"
import { hmacSha256 } from "./hmac-sha256.ts"
import type { MessageFormat } from "./message-format.ts"

const prefix = "whsec_"

/** Standard Webhooks 1.0.0: a JSON body of `type`, `timestamp` and `data`, signed in headers over `id.timestamp.body`. */
export const standard: MessageFormat = {
  pauseMs: 0,
  write: (message) => ({ type: message.event, timestamp: new Date(message.at).toISOString(), data: dataOf(message) }),
  sign: (message, { url, secret }, now) => {
    const body = JSON.stringify(standard.write(message))
    const timestamp = String(Math.floor(now / 1000))
    const signature = secret === null ? undefined : `v1,${hmacSha256(keyOf(secret), `${message.id}.${timestamp}.${body}`)}`
    const headers = {
      "webhook-id": message.id,
      "webhook-timestamp": timestamp,
      ...(signature === undefined ? {} : { "webhook-signature": signature }),
    }
    return { url, headers, body }
  },
  refusal: () => undefined,
}

/** `whsec_` and base64 are bytes; every other secret is its text. */
function keyOf(secret: string): Uint8Array {
  const encoded = secret.startsWith(prefix) ? secret.slice(prefix.length) : undefined
  const bytes = encoded === undefined ? undefined : Buffer.from(encoded, "base64")
  const isBase64 = bytes !== undefined && bytes.length > 0 && trimmed(bytes.toString("base64")) === trimmed(encoded ?? "")
  return isBase64 ? bytes : Buffer.from(secret, "utf8")
}

function trimmed(base64: string): string {
  return base64.replace(/=+$/, "")
}

function dataOf({ facts, link, locale }: WebhookMessage): Readonly<Record<string, unknown>> {
  const url = link ?? null
  if (facts.about === "job") return { ...jobData(facts), url }
  return facts.about === "upstream" ? { ...upstreamData(facts), url } : { message: words[locale].test, url }
}

function jobData({ jobId, kind, source, target, digest, unchanged, bytesSent, durationMs, error, jobs }: JobFacts) {
  const figures = { bytes_sent: bytesSent, duration_ms: durationMs }
  return { job_id: jobId, kind, source, target, digest, unchanged, ...figures, error, jobs }
}

function upstreamData({ upstreamId, name, registry, host, error }: UpstreamFacts) {
  return { upstream_id: upstreamId, name, registry, host, error }
}
