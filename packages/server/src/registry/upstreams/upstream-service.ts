import type { TargetCheck } from "@entrepot/core"
import type { UpstreamRecord } from "@entrepot/db/stores"
import type { UpstreamHealth } from "@entrepot/registry"
import type { Actor } from "../../accounts/actor.ts"

/** An upstream as it is shown: that it has a password, never which. */
export interface UpstreamView extends Omit<UpstreamRecord, "sealed" | "ca"> {
  readonly hasPassword: boolean
  readonly hasCa: boolean
  /** It stands in the configuration (UPSTREAM_REGISTRY), and is changed there. Its number is 0. */
  readonly configured: boolean
  /** UPSTREAM_REGISTRY names it, saved or not: it is asked first, whatever the order. */
  readonly pinned: boolean
  /** What this process has seen of it; null before it was first asked. */
  readonly health: UpstreamHealth | null
}

export interface UpstreamInput {
  readonly name: string
  /** `docker.io`, `ghcr.io`: the registry whose images it serves. */
  readonly registry: string
  /** `https://mirror.example.com`; a path at its end is the prefix. */
  readonly url: string
  readonly pathPrefix?: string | undefined
  /** The lowest is asked first. Default 100. */
  readonly priority?: number | undefined
  readonly enabled?: boolean | undefined
  readonly virtualHosts?: readonly string[] | undefined
  readonly tagLifetimeMs?: number | null | undefined
  readonly tlsVerify?: boolean | undefined
  readonly ca?: string | null | undefined
  readonly username?: string | null | undefined
  /** Write-only. Null forgets it. */
  readonly password?: string | null | undefined
}

/** Reachable, TLS, credentials; never a word of what the server sent. */
export type UpstreamCheck = Omit<TargetCheck, "push">

/** The registries that /v2 reads through. Administrators change them, operators look at them. */
export interface UpstreamService {
  /** Whether passwords can be kept: a master key is configured. */
  readonly keepsPasswords: boolean
  /** As they are asked: by registry, then priority. */
  list(actor: Actor): Promise<readonly UpstreamView[]>
  /** @throws ServiceError `not_found`. */
  get(actor: Actor, id: number): Promise<UpstreamView>
  /** @throws ServiceError `invalid`, `conflict` for a name that is taken, `unavailable` for a password without a master key. */
  create(actor: Actor, input: UpstreamInput): Promise<UpstreamView>
  /** A change of the URL's host or scheme without a new password forgets the old one. @throws as create, `not_found`. */
  update(actor: Actor, id: number, changes: Partial<UpstreamInput>): Promise<UpstreamView>
  /** What was read through it stays. @throws ServiceError `not_found`. */
  remove(actor: Actor, id: number): Promise<void>
  /** Priorities in this order, for some of one registry. @throws ServiceError `not_found`, `invalid` for several registries. */
  order(actor: Actor, ids: readonly number[]): Promise<readonly UpstreamView[]>
  /** A saved one, or one as it would be saved. @throws ServiceError `invalid`, `not_found`, `too_many`. */
  check(
    actor: Actor,
    upstream: { readonly id: number } | Omit<UpstreamInput, "name" | "registry">,
    signal: AbortSignal,
  ): Promise<UpstreamCheck>
}
