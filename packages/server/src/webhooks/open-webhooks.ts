import type { DeniedSockets, HttpOptions, ProxySettings } from "@entrepot/core"
import type { Database } from "@entrepot/db/stores"
import type { RegistryMeter } from "@entrepot/registry"
import type { Configuration } from "../configuration/configuration.ts"
import type { Log } from "../runtime/runtime.ts"
import { SealedText } from "../targets/sealed-text.ts"
import { createWebhookService } from "./create-webhook-service.ts"
import { Dispatcher, type DispatcherOptions } from "./dispatcher.ts"
import { MessageSender, type SenderOptions } from "./send-message.ts"
import { UpstreamTrouble } from "./upstream-trouble.ts"
import { WebhookSeals } from "./webhook-seals.ts"
import type { WebhookService } from "./webhook-service.ts"

export interface OpenWebhooksOptions extends Pick<DispatcherOptions, "leaseMs" | "patienceMs">, Pick<SenderOptions, "timeoutMs"> {
  readonly configuration: Pick<Configuration, "accounts" | "hosts" | "locale" | "publicUrl">
  readonly database: Pick<Database, "webhooks" | "audit" | "onChange">
  readonly proxies: ProxySettings
  /** This server's own sockets. */
  readonly denied: DeniedSockets
  readonly http?: Pick<HttpOptions, "lookup" | "connectTimeoutMs">
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Those who are told, of one process. */
export interface OpenWebhooks {
  readonly service: WebhookService
  /** Tells of upstreams what the registry sees. */
  readonly meter: Pick<RegistryMeter, "upstreamUnhealthy" | "upstreamRecovered">
  /** From now on what is due is sent. */
  start(): void
  /** Sends nothing more; what is under way has so long to end, and is sent after the next start otherwise. */
  stop(graceMs: number): Promise<void>
}

/** Nothing is sent before it is started. */
export function openWebhooks(options: OpenWebhooksOptions): OpenWebhooks {
  const { configuration, database, proxies, denied, http = {}, log, now } = options
  const { accounts, hosts, locale, publicUrl } = configuration
  const seals = new WebhookSeals(new SealedText(accounts.masterKeys, undefined, "webhook"))
  const sender = new MessageSender({
    hosts: (host) => hosts[host] ?? {},
    ...{ denied, proxies, timeoutMs: options.timeoutMs },
    ...(http.lookup === undefined ? {} : { lookup: http.lookup }),
    ...(http.connectTimeoutMs === undefined ? {} : { connectTimeoutMs: http.connectTimeoutMs }),
  })
  const { leaseMs, patienceMs } = options
  const dispatcher = new Dispatcher({
    ...{ database, seals, sender, publicUrl, log, now },
    ...(leaseMs === undefined ? {} : { leaseMs }),
    ...(patienceMs === undefined ? {} : { patienceMs }),
  })
  const trouble = new UpstreamTrouble({ webhooks: database.webhooks, log, now })
  return {
    service: createWebhookService({ ...{ stores: database, seals, dispatcher, locale, publicUrl, log, now } }),
    meter: trouble,
    start: () => dispatcher.start(),
    stop: async (graceMs) => {
      await trouble.close()
      await dispatcher.stop(graceMs)
    },
  }
}
