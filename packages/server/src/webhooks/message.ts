import { type Locale, redact } from "@entrepot/core"
import type { Delivery, JobFacts, UpstreamFacts, WebhookRecord } from "@entrepot/db/stores"
import { z } from "zod"

/** What happened, read back from a delivery. */
export type MessageFacts =
  | ({ readonly about: "job" } & JobFacts)
  | ({ readonly about: "upstream" } & UpstreamFacts)
  | { readonly about: "test" }

/** One message to one webhook, before it is written in anybody's format. */
export interface WebhookMessage {
  /** The same for every try, so that receivers notice what they have seen. Without a full stop, which ends it in what is signed. */
  readonly id: string
  readonly event: Delivery["event"]
  /** When it happened, milliseconds since 1970. */
  readonly at: number
  readonly locale: Locale
  readonly facts: MessageFacts
  /** Where people see more; undefined where the configuration does not say how they reach this server. */
  readonly link: string | undefined
}

/** It leaves this server: what looks like a secret is taken out once more. */
const errorText = z.string().transform((text) => redact(text))

const jobSchema = z.object({
  jobId: z.number(),
  kind: z.string(),
  source: z.string(),
  target: z.string(),
  digest: z.string().nullable(),
  unchanged: z.boolean(),
  bytesSent: z.number(),
  durationMs: z.number(),
  error: z.object({ code: z.string(), message: errorText }).nullable(),
  jobs: z.object({ succeeded: z.number(), failed: z.number(), cancelled: z.number() }).nullable(),
}) satisfies z.ZodType<JobFacts>

const upstreamSchema = z.object({
  upstreamId: z.number(),
  name: z.string(),
  registry: z.string(),
  host: z.string(),
  error: errorText.nullable(),
}) satisfies z.ZodType<UpstreamFacts>

/** The message of a delivery. @param publicUrl as people reach this server @throws ZodError for facts of another shape. */
export function messageOf(
  { id, event, facts, createdAt }: Pick<Delivery, "id" | "event" | "facts" | "createdAt">,
  { locale }: Pick<WebhookRecord, "locale">,
  publicUrl: string | undefined,
): WebhookMessage {
  const read = readFacts(event, facts)
  const page = pageOf(read)
  return {
    id: `msg_${createdAt.toString(36)}_${id}`,
    event,
    at: createdAt,
    locale,
    facts: read,
    link: publicUrl === undefined ? undefined : new URL(page, publicUrl).href,
  }
}

function readFacts(event: Delivery["event"], text: string): MessageFacts {
  if (event === "test") return { about: "test" }
  const facts: unknown = JSON.parse(text)
  return event === "job.succeeded" || event === "job.failed"
    ? { about: "job", ...jobSchema.parse(facts) }
    : { about: "upstream", ...upstreamSchema.parse(facts) }
}

function pageOf(facts: MessageFacts): string {
  if (facts.about === "job") return `/jobs/${facts.jobId}`
  return facts.about === "upstream" ? "/upstreams" : "/settings/webhooks"
}
