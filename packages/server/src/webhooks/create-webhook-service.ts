import type { Locale } from "@entrepot/core"
import { type Database, type Delivery, NameTaken, type WebhookRecord } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { AuditTrail } from "../accounts/audit-trail.ts"
import { requireScope } from "../accounts/rights.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { Log } from "../runtime/runtime.ts"
import type { Dispatcher } from "./dispatcher.ts"
import { formats } from "./formats/formats.ts"
import { messageOf } from "./message.ts"
import { type ClearWebhook, checkSecret, readWebhookFields } from "./webhook-fields.ts"
import type { WebhookPlace, WebhookSeals } from "./webhook-seals.ts"
import type { DeliveryPage, DeliveryView, WebhookInput, WebhookService, WebhookView } from "./webhook-service.ts"

export interface WebhookServiceOptions {
  readonly stores: Pick<Database, "webhooks" | "audit">
  readonly seals: WebhookSeals
  /** Of the sentences where nobody chose a language. */
  readonly locale: Locale
  /** Who sends. */
  readonly dispatcher: Pick<Dispatcher, "attempt" | "wake">
  /** As people reach this server. */
  readonly publicUrl: string | undefined
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** How many of the newest deliveries are looked through for one that has ended. */
const lookedThrough = 20

/** Webhooks over the store of one database. */
export function createWebhookService(options: WebhookServiceOptions): WebhookService {
  return new Webhooks(options)
}

class Webhooks implements WebhookService {
  readonly #options: WebhookServiceOptions
  readonly #trail: AuditTrail

  constructor(options: WebhookServiceOptions) {
    this.#options = options
    this.#trail = new AuditTrail(options.stores.audit, options.log, options.now)
  }

  get keepsSecrets(): boolean {
    return this.#options.seals.canSeal
  }

  async list(actor: Actor): Promise<readonly WebhookView[]> {
    requireScope(actor, "admin")
    const records = await this.#options.stores.webhooks.list()
    return Promise.all(records.map((record) => this.#viewOf(record)))
  }

  async create(actor: Actor, input: WebhookInput): Promise<WebhookView> {
    requireScope(actor, "admin")
    const { clear, url } = readWebhookFields(input)
    const secret = input.secret ?? null
    if (secret !== null) checkSecret(secret, input.format)
    this.#requireKey()
    if (url === undefined) throw new ServiceError("invalid", "a webhook needs an address")
    const { webhooks } = this.#options.stores
    const wanted = {
      name: "",
      host: "",
      format: input.format,
      events: input.events,
      enabled: true,
      locale: this.#options.locale,
      ...clear,
    }
    // The seal is bound to the row's number, which is known only now; until it is there, nothing is sent.
    const row = await named(
      input.name,
      webhooks.create({ ...wanted, enabled: false, sealed: "", version: 0 }, this.#options.now()),
    )
    const created = await this.#save(row, { enabled: wanted.enabled }, { url, secret })
    await this.#trail.ok(actor, "webhook.create", describe(created))
    return this.#viewOf(created)
  }

  async update(actor: Actor, id: number, changes: Partial<WebhookInput>): Promise<WebhookView> {
    requireScope(actor, "admin")
    const record = await this.#saved(id)
    const { clear, url } = readWebhookFields(changes)
    const format = clear.format ?? record.format
    if (changes.secret !== undefined && changes.secret !== null) checkSecret(changes.secret, format)
    const saved = await this.#save(record, clear, this.#newPlace(record, clear, url, changes.secret))
    await this.#trail.ok(actor, "webhook.update", describe(saved))
    return this.#viewOf(saved)
  }

  async remove(actor: Actor, id: number): Promise<void> {
    requireScope(actor, "admin")
    const record = await this.#saved(id)
    if (!(await this.#options.stores.webhooks.remove(id))) throw notFound()
    await this.#trail.ok(actor, "webhook.remove", describe(record))
  }

  async test(actor: Actor, id: number): Promise<Delivery> {
    requireScope(actor, "admin")
    const record = await this.#saved(id)
    const made = await this.#options.stores.webhooks.tellOne(id, "test", JSON.stringify({}), this.#options.now())
    if (made === undefined) throw notFound()
    await this.#trail.ok(actor, "webhook.test", describe(record))
    return (await this.#options.dispatcher.attempt(made)) ?? made
  }

  async deliveries(
    actor: Actor,
    query: { readonly webhookId?: number | undefined; readonly before?: number | undefined; readonly limit: number },
  ): Promise<DeliveryPage> {
    requireScope(actor, "admin")
    const found = await this.#options.stores.webhooks.deliveries({ ...query, limit: query.limit + 1 })
    const deliveries = found.slice(0, query.limit)
    return { deliveries, next: found.length > query.limit ? (deliveries.at(-1)?.id ?? null) : null }
  }

  async delivery(actor: Actor, id: number): Promise<DeliveryView> {
    requireScope(actor, "admin")
    const delivery = await this.#options.stores.webhooks.delivery(id)
    const webhook = delivery && (await this.#options.stores.webhooks.get(delivery.webhookId))
    if (delivery === undefined || webhook === undefined) throw noDelivery()
    const message = messageOf(delivery, webhook, this.#options.publicUrl)
    return { ...delivery, body: JSON.stringify(formats[webhook.format].write(message)) }
  }

  async redeliver(actor: Actor, id: number): Promise<Delivery> {
    requireScope(actor, "admin")
    const delivery = await this.#options.stores.webhooks.delivery(id)
    if (delivery === undefined) throw noDelivery()
    if (delivery.state === "pending") throw new ServiceError("conflict", "this message is in the queue already")
    const webhook = await this.#saved(delivery.webhookId)
    const queued = await this.#options.stores.webhooks.again(id, this.#options.now())
    if (queued === undefined) throw noDelivery()
    await this.#trail.ok(actor, "webhook.redeliver", `${describe(webhook)}: ${delivery.event} (${id})`)
    this.#options.dispatcher.wake()
    return queued
  }

  /** What is to be sealed anew; undefined: what is sealed stays. Another host is not shown what is signed with the secret that was meant for this one. */
  #newPlace(
    record: WebhookRecord,
    { host = record.host, format = record.format }: ClearWebhook,
    url: string | undefined,
    secret: string | null | undefined,
  ): WebhookPlace | undefined {
    if (url === undefined && secret === undefined && format === record.format) return undefined
    this.#requireKey()
    const kept = url !== undefined && secret !== undefined ? undefined : this.#open(record)
    const keeps = host === record.host && format === record.format
    return { url: url ?? kept?.url ?? "", secret: secret === undefined ? ((keeps ? kept?.secret : null) ?? null) : secret }
  }

  async #save(record: WebhookRecord, clear: ClearWebhook, place: WebhookPlace | undefined): Promise<WebhookRecord> {
    const next = { ...record, ...clear, version: record.version + 1 }
    // The host too, although it may be the old one: what the seal is bound to is written in one step with it.
    const sealed =
      place === undefined ? {} : { host: next.host, sealed: this.#options.seals.seal(place, next), version: next.version }
    const { webhooks } = this.#options.stores
    const saved = await named(next.name, webhooks.update(record.id, { ...clear, ...sealed }, this.#options.now()))
    if (saved === undefined) throw notFound()
    return saved
  }

  #open(record: WebhookRecord): WebhookPlace {
    const place = this.#options.seals.open(record)
    if (place !== undefined) return place
    throw new ServiceError(
      "unavailable",
      `the saved address of ${record.name} cannot be opened with the present master keys; give it anew`,
    )
  }

  #requireKey(): void {
    if (this.keepsSecrets) return
    throw new ServiceError("invalid", "a webhook's address cannot be kept: no master key is configured (MASTER_KEY_FILE)")
  }

  async #saved(id: number): Promise<WebhookRecord> {
    const record = await this.#options.stores.webhooks.get(id)
    if (record === undefined) throw notFound()
    return record
  }

  async #viewOf(record: WebhookRecord): Promise<WebhookView> {
    const { sealed: _, ...shown } = record
    const newest = await this.#options.stores.webhooks.deliveries({ webhookId: record.id, limit: lookedThrough })
    const last = newest.find(({ state }) => state !== "pending")
    return {
      ...shown,
      hasSecret: (this.#options.seals.open(record)?.secret ?? null) !== null,
      last: last === undefined ? null : { state: last.state, endedAt: last.endedAt, status: last.status, error: last.error },
    }
  }
}

async function named<Result>(name: string, saving: Promise<Result>): Promise<Result> {
  try {
    return await saving
  } catch (error) {
    if (error instanceof NameTaken) throw new ServiceError("conflict", `there is a webhook ${name} already`, { cause: error })
    throw error
  }
}

function describe({ id, name, host }: WebhookRecord): string {
  return `${name} (${id}: ${host})`
}

function notFound(): ServiceError {
  return new ServiceError("not_found", "there is no such webhook")
}

function noDelivery(): ServiceError {
  return new ServiceError("not_found", "there is no such delivery")
}
