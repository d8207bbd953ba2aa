import type { Repository } from "@entrepot/db/stores"
import { RegistryError } from "../registry-error.ts"
import { type Answered, askUpstreams, type Patience } from "./ask-upstreams.ts"
import type { ClientIdentity } from "./client-identity.ts"
import type { ProxyParts } from "./proxy-parts.ts"
import type { ProxiedName } from "./resolved-name.ts"
import type { UpstreamClient } from "./upstream-client.ts"

/** One repository, as the upstreams of its registry are asked about it on behalf of one client. */
export class AskedRepository {
  readonly name: ProxiedName
  readonly identity: ClientIdentity | undefined
  readonly #parts: ProxyParts

  constructor(parts: ProxyParts, name: ProxiedName, identity: ClientIdentity | undefined) {
    this.#parts = parts
    this.name = name
    this.identity = identity
  }

  /** The same on behalf of nobody in particular. */
  get stranger(): AskedRepository {
    return this.identity === undefined ? this : new AskedRepository(this.#parts, this.name, undefined)
  }

  /** Whose answers are whose: what is remembered under it is for this client and repository alone. */
  get scope(): string {
    return `${this.identity?.key ?? ""} ${this.name.name}`
  }

  /** Upstreams that may be asked, the best first. */
  get clients(): readonly UpstreamClient[] {
    return this.#parts.clientsOf(this.name.registry, this.identity)
  }

  /** Undefined: all said that there is none. @throws RegistryError, see `askUpstreams`. */
  ask<T>(
    patience: Patience,
    signal: AbortSignal,
    question: (client: UpstreamClient, signal: AbortSignal) => Promise<T | undefined>,
  ): Promise<Answered<T> | undefined> {
    const { clients, identity } = this
    return askUpstreams({ clients, name: this.name.name, identity, patience, signal }, question)
  }

  /** An upstream has answered with 200: see `Standing.letIn`. */
  letIn(): Promise<Repository> {
    return this.#parts.standing.letIn(this.name.name, this.name.registry, this.identity)
  }
}

/** Whether an upstream has what is asked for. What cannot be found out counts as no. */
export async function isAnswered(asking: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await asking()) !== undefined
  } catch (error) {
    if (error instanceof RegistryError) return false
    throw error
  }
}
