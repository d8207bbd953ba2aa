import type { Database, UpstreamFacts, WebhookEvent } from "@entrepot/db/stores"
import type { MeteredUpstream, RegistryMeter } from "@entrepot/registry"
import type { Log } from "../runtime/runtime.ts"

export interface UpstreamTroubleOptions {
  readonly webhooks: Pick<Database["webhooks"], "tell">
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Trouble of the same upstream is told once in so long. Default 600,000. */
  readonly quietMs?: number
}

interface Trouble {
  readonly upstream: MeteredUpstream
  readonly error: string | null
  readonly timer: NodeJS.Timeout
}

/**
 * Tells webhooks of upstreams that are left alone and that answer again, as this process sees it. Several processes see the same, and a flapping link
 * the same again and again: trouble is told once in ten minutes, and its end to those alone whom it was told to. Trouble that came back within
 * that time and stayed is told when it is over.
 */
export class UpstreamTrouble implements Pick<RegistryMeter, "upstreamUnhealthy" | "upstreamRecovered"> {
  readonly #options: UpstreamTroubleOptions
  readonly #quietMs: number
  readonly #troubles = new Map<number, Trouble>()
  #telling: Promise<void> = Promise.resolve()
  #closed = false

  constructor(options: UpstreamTroubleOptions) {
    this.#options = options
    this.#quietMs = options.quietMs ?? 600_000
  }

  upstreamUnhealthy(upstream: MeteredUpstream, error: string | null): void {
    if (this.#closed) return
    this.#forget(upstream)
    const timer = setTimeout(
      () => this.#tell("upstream.unhealthy", upstream, error, { after: "upstream.recovered" }),
      this.#quietMs,
    )
    timer.unref()
    this.#troubles.set(upstream.id, { upstream, error, timer })
    this.#tell("upstream.unhealthy", upstream, error, { quietSince: this.#options.now() - this.#quietMs })
  }

  upstreamRecovered(upstream: MeteredUpstream): void {
    if (this.#closed) return
    this.#forget(upstream)
    this.#tell("upstream.recovered", upstream, null, { after: "upstream.unhealthy" })
  }

  /** Tells nothing more. Returns when everything is in the queue. */
  async close(): Promise<void> {
    this.#closed = true
    for (const { upstream } of this.#troubles.values()) this.#forget(upstream)
    await this.#telling
  }

  #forget({ id }: MeteredUpstream): void {
    clearTimeout(this.#troubles.get(id)?.timer)
    this.#troubles.delete(id)
  }

  /** One after the other, so that an end never comes before its beginning. */
  #tell(
    event: WebhookEvent,
    { id, name, registry, host }: MeteredUpstream,
    error: string | null,
    rule: { readonly quietSince: number } | { readonly after: WebhookEvent },
  ): void {
    const { webhooks, now, log } = this.#options
    const facts: UpstreamFacts = { upstreamId: id, name, registry, host, error }
    const message = { subject: `upstream ${id}`, facts: JSON.stringify(facts), ...rule }
    const at = now()
    this.#telling = this.#telling
      .then(() => webhooks.tell(event, message, at))
      .then(
        () => undefined,
        (failure: unknown) => log.error({ error: failure, upstream: id }, "webhooks could not be told of an upstream"),
      )
  }
}
