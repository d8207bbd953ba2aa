import type { Delivery, WebhookEvent, WebhookFormat, WebhookRecord } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"

/** A webhook without its address and secret, which never come back. */
export interface WebhookView extends Omit<WebhookRecord, "sealed"> {
  readonly hasSecret: boolean
  /** The newest delivery that has ended, for a glance at whether it works. */
  readonly last: Pick<Delivery, "state" | "endedAt" | "status" | "error"> | null
}

/** A webhook to be saved. */
export interface WebhookInput {
  readonly name: string
  readonly format: WebhookFormat
  /** `https://oapi.dingtalk.com/robot/send?access_token=…`. Write-only. */
  readonly url: string
  /** What messages are signed with; null or absent for none. WeCom and Slack have none. Write-only. */
  readonly secret?: string | null | undefined
  readonly events: readonly WebhookEvent[]
  readonly enabled?: boolean | undefined
  readonly locale?: "zh" | "en" | undefined
}

/** A page of deliveries, and `before` of the next. */
export interface DeliveryPage {
  readonly deliveries: readonly Delivery[]
  readonly next: number | null
}

/** A delivery with what was, or is to be, sent: without address and signature. */
export interface DeliveryView extends Delivery {
  readonly body: string
}

/**
 * Who is told of jobs and upstreams: for administrators alone.
 * @throws ServiceError `forbidden` from every method; `not_found` where something is named that is not there.
 */
export interface WebhookService {
  /** Whether addresses can be kept: there is a master key. */
  readonly keepsSecrets: boolean
  list(actor: Actor): Promise<readonly WebhookView[]>
  /** @throws ServiceError `invalid` (also without a master key), `conflict` for a name that is taken. */
  create(actor: Actor, webhook: WebhookInput): Promise<WebhookView>
  /** What is not given stays. Another host forgets the secret unless one is given. @throws as create. */
  update(actor: Actor, id: number, changes: Partial<WebhookInput>): Promise<WebhookView>
  remove(actor: Actor, id: number): Promise<void>
  /** Sends a message now, and waits for its first try. */
  test(actor: Actor, id: number): Promise<Delivery>
  deliveries(
    actor: Actor,
    query: { readonly webhookId?: number | undefined; readonly before?: number | undefined; readonly limit: number },
  ): Promise<DeliveryPage>
  delivery(actor: Actor, id: number): Promise<DeliveryView>
  /** Puts one that has ended back into the queue. */
  redeliver(actor: Actor, id: number): Promise<Delivery>
}
