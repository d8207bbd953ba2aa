/** What somebody can be told of. `test` is sent by hand alone. */
export const webhookEvents = ["job.succeeded", "job.failed", "upstream.unhealthy", "upstream.recovered"] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/** How a message is written and signed: the Standard Webhooks form, or that of a chat's bots. */
export const webhookFormats = ["standard", "dingtalk", "feishu", "wecom", "slack"] as const
export type WebhookFormat = (typeof webhookFormats)[number]

/** Somebody who is told, as it is kept. Address and secret are sealed with a key that is not here: a bot's address is its password. */
export interface WebhookRecord {
  readonly id: number
  /** Unique. */
  readonly name: string
  readonly format: WebhookFormat
  /** `host[:port]` of the address, for people. */
  readonly host: string
  readonly sealed: string
  readonly events: readonly WebhookEvent[]
  readonly enabled: boolean
  /** Language of the sentences. */
  readonly locale: "zh" | "en"
  /** Raised by every change of `sealed`, which is bound to it. */
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
}

/** One message to one webhook. */
export interface Delivery {
  readonly id: number
  readonly webhookId: number
  readonly event: WebhookEvent | "test"
  /** What happened, as JSON, without a secret: see `JobFacts`, `UpstreamFacts`. */
  readonly facts: string
  readonly state: "pending" | "delivered" | "failed"
  /** How often it was tried. */
  readonly attempts: number
  /** When it is tried next, milliseconds since 1970; null once it has ended. */
  readonly nextAt: number | null
  readonly createdAt: number
  readonly endedAt: number | null
  /** What the last try was answered with; null without an answer. */
  readonly status: number | null
  /** Why the last try failed: a code and our own sentence, never a word of the answer. */
  readonly error: string | null
  /** Of the last try. */
  readonly durationMs: number | null
}

/** Facts of `job.succeeded` and `job.failed`. Batches speak for their children: those are not told of one by one. */
export interface JobFacts {
  readonly jobId: number
  readonly kind: string
  /** As in the job. */
  readonly source: string
  readonly target: string
  readonly digest: string | null
  readonly unchanged: boolean
  readonly bytesSent: number
  readonly durationMs: number
  /** Code and message of a failure. */
  readonly error: { readonly code: string; readonly message: string } | null
  /** Of a batch: how many ended how. */
  readonly jobs: { readonly succeeded: number; readonly failed: number; readonly cancelled: number } | null
}

/** Facts of `upstream.unhealthy` and `upstream.recovered`. */
export interface UpstreamFacts {
  readonly upstreamId: number
  readonly name: string
  readonly registry: string
  readonly host: string
  /** Code and sentence, as in its health. */
  readonly error: string | null
}

/** How a try ended. */
export interface DeliveryResult extends Pick<Delivery, "status" | "error" | "durationMs"> {
  readonly state: Delivery["state"]
  /** For `pending`: when it is tried again. */
  readonly nextAt: number | null
  readonly at: number
  /** When its webhook may be sent the next message; absent: at once. */
  readonly freeAt?: number
}

export interface WebhookStore {
  /** @throws NameTaken. */
  create(webhook: Omit<WebhookRecord, "id" | "createdAt" | "updatedAt">, at: number): Promise<WebhookRecord>
  get(id: number): Promise<WebhookRecord | undefined>
  /** By name. */
  list(): Promise<readonly WebhookRecord[]>
  /** @throws NameTaken. */
  update(
    id: number,
    changes: Partial<Omit<WebhookRecord, "id" | "createdAt" | "updatedAt">>,
    at: number,
  ): Promise<WebhookRecord | undefined>
  /** With its deliveries. */
  remove(id: number): Promise<boolean>

  /**
   * A delivery for every enabled webhook that wants the event. Job events need no call: they are written in the transaction in which the job ends. Where
   * `quietSince` is given, webhooks that were told the same event with the same `subject` since then are left out; where `after` is, all but those whose
   * newest message of that subject is this event: an all-clear for those alone who were alarmed. Returns how many there are.
   */
  tell(
    event: WebhookEvent,
    message: { readonly subject: string; readonly facts: string; readonly quietSince?: number; readonly after?: WebhookEvent },
    at: number,
  ): Promise<number>
  /** One delivery to one webhook, whatever it wants. Undefined without it. */
  tellOne(webhookId: number, event: Delivery["event"], facts: string, at: number): Promise<Delivery | undefined>
  /**
   * Deliveries that are due, each given to one caller alone until `leaseMs` have passed; `attempts` counts this one. One of each webhook, that which
   * has waited longest, and none of a webhook whose last claim has neither been settled nor expired.
   */
  claim(at: number, leaseMs: number, limit: number): Promise<readonly Delivery[]>
  /** Milliseconds since 1970 at which the next can be claimed; undefined when none waits. */
  nextDue(): Promise<number | undefined>
  /** Only while it is at that attempt: a late answer of an earlier one changes nothing, and it returns false. */
  settle(id: number, attempt: number, result: DeliveryResult): Promise<boolean>
  /** Puts one that has ended back, as if it were new, and leaves one that waits as it is. Undefined without it. */
  again(id: number, at: number): Promise<Delivery | undefined>
  delivery(id: number): Promise<Delivery | undefined>
  /** The newest first; `before` is the id of the last one of the page before. */
  deliveries(query: {
    readonly webhookId?: number | undefined
    readonly before?: number | undefined
    readonly limit: number
  }): Promise<readonly Delivery[]>
  /** Removes at most `limit` that ended before; returns how many. */
  prune(before: number, limit: number): Promise<number>
}
