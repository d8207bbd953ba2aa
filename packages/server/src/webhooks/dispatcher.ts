import type { Database, Delivery, WebhookRecord } from "@entrepot/db/stores"
import type { Log } from "../runtime/runtime.ts"
import { deliveryError } from "./delivery-error.ts"
import { putBack, resultOf } from "./delivery-result.ts"
import { formats } from "./formats/formats.ts"
import { messageOf } from "./message.ts"
import type { Attempt, MessageSender } from "./send-message.ts"
import type { WebhookSeals } from "./webhook-seals.ts"

export interface DispatcherOptions {
  readonly database: Pick<Database, "webhooks" | "onChange">
  readonly seals: WebhookSeals
  readonly sender: MessageSender
  /** As people reach this server. */
  readonly publicUrl: string | undefined
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A delivery of a process that was silent for so long is sent by another. Longer than a try. Default 30,000. */
  readonly leaseMs?: number
  /** How long `attempt` waits for a first try. Default 20,000. */
  readonly patienceMs?: number
}

/** Messages under way at once. */
const atOnce = 4
/** Changes of jobs come many at a time: one look serves them. */
const gatherMs = 100
/** It looks again after so long although nobody said that there is something: another process may have died with it. */
const lookAgainMs = 60_000
const afterTroubleMs = 5_000
/** Deliveries that ended are kept for 30 days. */
const keptMs = 30 * 86_400_000
const pruneEveryMs = 3_600_000
const prunedAtOnce = 1_000

/**
 * Sends what is due: one message of a webhook at a time, several webhooks at once, again after the pauses of the retry plan. Any number of processes
 * may over one database. What a killed process had in hand is sent by another, or after the next start, once its lease has passed: a receiver may
 * be sent a message twice, with the same id, and never misses one.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #leaseMs: number
  readonly #stopping = new AbortController()
  readonly #running = new Set<Promise<void>>()
  readonly #waiting = new Map<number, Set<() => void>>()
  #unsubscribe: () => void = () => undefined
  #timer: NodeJS.Timeout | undefined
  #wakesAt = Number.POSITIVE_INFINITY
  #looking: Promise<void> | undefined
  #again = false
  #stopped = true
  #pruned = Number.NEGATIVE_INFINITY

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.#leaseMs = options.leaseMs ?? 30_000
  }

  /** From now on sends what is due, until it is stopped. */
  start(): void {
    this.#stopped = false
    this.#unsubscribe = this.#options.database.onChange(() => this.#lookWithin(gatherMs))
    this.wake()
  }

  /** Something is due. */
  wake(): void {
    this.#lookWithin(0)
  }

  /** A new delivery after its first try, or as it is when that has not ended in good time. */
  async attempt({ id }: Delivery): Promise<Delivery | undefined> {
    const { database, patienceMs = 20_000 } = this.#options
    const until = performance.now() + patienceMs
    for (;;) {
      const ended = this.#endOfTry(id)
      this.wake()
      const delivery = await database.webhooks.delivery(id)
      const leftMs = until - performance.now()
      if (delivery === undefined || wasTried(delivery) || leftMs <= 0 || this.#stopped) {
        ended.forget()
        return delivery
      }
      // It may be another process that sends it.
      await ended.within(Math.min(leftMs, 1000))
    }
  }

  /** Takes nothing more, gives what is under way so long to end, and puts the rest back. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true
    this.#unsubscribe()
    clearTimeout(this.#timer)
    await this.#looking
    const grace = setTimeout(() => this.#stopping.abort(), graceMs)
    await Promise.all(this.#running)
    clearTimeout(grace)
    await this.#options.sender.close()
  }

  #lookWithin(waitMs: number): void {
    const at = performance.now() + waitMs
    if (this.#stopped || at >= this.#wakesAt) return
    clearTimeout(this.#timer)
    this.#wakesAt = at
    this.#timer = setTimeout(() => {
      this.#wakesAt = Number.POSITIVE_INFINITY
      this.#look()
    }, waitMs)
  }

  #look(): void {
    if (this.#looking !== undefined) {
      this.#again = true
      return
    }
    this.#again = false
    this.#looking = this.#takeDue()
      .catch((error: unknown) => {
        this.#options.log.error({ error }, "webhook deliveries could not be looked at")
        return afterTroubleMs
      })
      .then((waitMs) => {
        this.#looking = undefined
        this.#lookWithin(this.#again ? 0 : waitMs)
      })
  }

  /** Begins to send what is due, and returns after how many milliseconds to look again. */
  async #takeDue(): Promise<number> {
    const { database, now } = this.#options
    await this.#prune()
    const room = atOnce - this.#running.size
    const taken = room === 0 || this.#stopped ? [] : await database.webhooks.claim(now(), this.#leaseMs, room)
    for (const delivery of taken) this.#begin(delivery)
    // Whoever ends looks again.
    if (this.#running.size >= atOnce) return lookAgainMs
    const due = await database.webhooks.nextDue()
    return due === undefined ? lookAgainMs : Math.min(Math.max(due - now(), gatherMs), lookAgainMs)
  }

  async #prune(): Promise<void> {
    const { database, now } = this.#options
    if (now() - this.#pruned < pruneEveryMs) return
    this.#pruned = now()
    for (let removed = prunedAtOnce; removed === prunedAtOnce && !this.#stopped; ) {
      removed = await database.webhooks.prune(now() - keptMs, prunedAtOnce)
    }
  }

  #begin(delivery: Delivery): void {
    const running = this.#deliver(delivery)
      .catch((error: unknown) => {
        // Its lease passes, and it is tried again then.
        this.#options.log.error({ error, delivery: delivery.id }, "a webhook delivery could not be dealt with")
      })
      .finally(() => {
        this.#running.delete(running)
        for (const tell of this.#waiting.get(delivery.id) ?? []) tell()
        this.wake()
      })
    this.#running.add(running)
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { database, now, log } = this.#options
    const webhook = await database.webhooks.get(delivery.webhookId)
    if (webhook === undefined) return
    const begun = performance.now()
    const attempt = await this.#try(delivery, webhook)
    const durationMs = Math.round(performance.now() - begun)
    const result = attempt === "put back" ? putBack(delivery, now()) : resultOf(delivery, webhook, attempt, now())
    await database.webhooks.settle(delivery.id, delivery.attempts, { ...result, durationMs })
    if (result.error === null) return
    const { id, name, host } = webhook
    const fields = { webhook: id, name, host, delivery: delivery.id, attempt: delivery.attempts, error: result.error }
    if (result.state === "failed") log.warn(fields, "a webhook was not told, and is not tried again")
    else log.info(fields, "a webhook was not told, and is tried again")
  }

  async #try(delivery: Delivery, webhook: WebhookRecord): Promise<Attempt | "put back"> {
    const { seals, sender, publicUrl, now, log } = this.#options
    if (!webhook.enabled && delivery.event !== "test") return refused(deliveryError("disabled", "the webhook is switched off"))
    const place = seals.open(webhook)
    if (place === undefined) return refused(deliveryError("sealed", "no present master key opens the webhook's address"))
    const format = formats[webhook.format]
    try {
      const request = format.sign(messageOf(delivery, webhook, publicUrl), place, now())
      return await sender.send(request, format, now(), this.#stopping.signal)
    } catch (error) {
      if (this.#stopping.signal.aborted) return "put back"
      // Its text alone: Node's errors about URLs carry the URL.
      const text = error instanceof Error ? error.message : String(error)
      log.error({ error: text, delivery: delivery.id }, "a message for a webhook could not be written")
      return refused(deliveryError("internal", "the message could not be written; the server's log has more about it"))
    }
  }

  /** To be asked for before it is known that the try has not ended. */
  #endOfTry(id: number): { within(waitMs: number): Promise<void>; forget(): void } {
    const listeners = this.#waiting.get(id) ?? new Set()
    this.#waiting.set(id, listeners)
    let listener: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      listener = resolve
    })
    listeners.add(listener)
    const forget = () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#waiting.delete(id)
    }
    return {
      forget,
      within: async (waitMs) => {
        const timer = setTimeout(listener, waitMs)
        await ended
        clearTimeout(timer)
        forget()
      },
    }
  }
}

function wasTried({ state, error }: Delivery): boolean {
  return state !== "pending" || error !== null
}

function refused(error: string): Attempt {
  return { status: null, error, passes: false }
}
