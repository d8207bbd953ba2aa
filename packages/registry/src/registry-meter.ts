import type { ErrorCode } from "@entrepot/core"
import type { AccessEntry } from "./access-log/access-entry.ts"
import type { Upstream } from "./proxy/upstream.ts"

/** An upstream as counters name it. */
export type MeteredUpstream = Pick<Upstream, "id" | "name" | "registry"> & {
  /** `host[:port]`. */
  readonly host: string
}

/** Told of what happens in the registry, as it happens: for counters, and for people who want to know. Its methods are cheap and never throw. */
export interface RegistryMeter {
  /** A request was answered, or broke off; called for those too that the access log has no room for, and not for those that it does not tell of. */
  request(entry: AccessEntry): void
  /**
   * An upstream has answered when it was asked for a manifest, a blob or a list: with that, that there is none, or that it wants another login. One
   * that is left alone is not asked, and what nobody waited for is not told.
   * @param tookMs until it was there; of a blob the answer's head
   */
  upstreamAnswered(upstream: MeteredUpstream, tookMs: number): void
  /** It has not, or with something that cannot be used. */
  upstreamFailed(upstream: MeteredUpstream, code: ErrorCode): void
  /** Bytes of a body have come from it, once however many clients wait for them. */
  upstreamSent(upstream: MeteredUpstream, bytes: number): void
  /** Its circuit has opened: it is left alone for a while. Once until it answers again. @param error code and sentence, without a word of what it sent */
  upstreamUnhealthy(upstream: MeteredUpstream, error: string | null): void
  /** It answers again. */
  upstreamRecovered(upstream: MeteredUpstream): void
}
