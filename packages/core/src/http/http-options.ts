import type { Clock } from "../content/clock.ts"
import type { CredentialSource } from "./credentials/credentials.ts"
import type { Send } from "./http.ts"
import type { HostLimits } from "./layers/limits.ts"
import type { OnNotice } from "./layers/notice.ts"
import type { RealmPair } from "./layers/realm-rule.ts"
import type { HostSettings } from "./transport/host-settings.ts"
import type { TransportOptions } from "./transport/transport.ts"

export interface HttpOptions extends Omit<TransportOptions, "hosts" | "isConfigured"> {
  /** By `host[:port]`. A host that stands here counts as configured: it may have a private address even where a server's answer leads to it. */
  readonly hosts?: Readonly<Record<string, HostSettings>>
  /** For every other host. */
  readonly defaults?: HostSettings
  readonly credentials?: CredentialSource
  /** Registries whose token server has another domain. Replaces the known ones. */
  readonly realmPairs?: readonly RealmPair[]
  readonly clock?: Clock
  /** 0 ≤ x < 1. */
  readonly random?: () => number
  /** In place of real connections. */
  readonly transport?: Send
  /** Requests at once to one host, in each direction. Default 64. */
  readonly maxConnectionsPerHost?: number
  readonly retry?: {
    /** Default 6. */
    readonly attempts?: number
    /** Default 500. */
    readonly minMs?: number
    /** Default 60,000. */
    readonly maxMs?: number
  }
  /** Gates that are shared with other instances of the process. Default its own; `maxConnectionsPerHost` then has no say. */
  readonly limits?: HostLimits
  /** What a person who waits should know: "harbor.example.com asks us to wait 30 s". */
  readonly onNotice?: OnNotice
}
