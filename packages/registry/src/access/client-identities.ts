import { credentials } from "@entrepot/core"
import { latelyUsed } from "../lately-used.ts"
import type { ClientIdentity } from "../proxy/client-identity.ts"
import { marker } from "./token-keys.ts"

/** At most so many clients' upstream logins are kept: who is pushed out fetches another token. */
const capacity = 10_000

/**
 * What clients show for the upstream, by the `jti` of the token that they hold instead: their credentials never leave the server's memory, and end
 * with the token (RELIABILITY section 3).
 */
export class ClientIdentities {
  readonly #mark: (...parts: readonly string[]) => string
  readonly #registry: string
  readonly #now: () => number
  readonly #kept = latelyUsed<string, { readonly identity: ClientIdentity; readonly until: number }>(capacity)

  constructor(secret: Uint8Array, registry: string, now: () => number) {
    this.#mark = marker(secret, "entrepot client identity v1")
    this.#registry = registry
    this.#now = now
  }

  ofPassword(username: string, password: string): ClientIdentity {
    const key = this.#mark(this.#registry, "password", username, password)
    return { key, shows: { credentials: credentials({ username, password }) } }
  }

  /** The upstream's own token: another one of the same client stands for somebody else. */
  ofBearer(bearer: string): ClientIdentity {
    return { key: this.#mark(this.#registry, "bearer", bearer), shows: { bearer } }
  }

  keep(tokenId: string, identity: ClientIdentity, until: number): void {
    this.#kept.set(tokenId, { identity, until })
  }

  /** Undefined where the token is over, or was issued by another process or before a restart. */
  get(tokenId: string): ClientIdentity | undefined {
    const kept = this.#kept.get(tokenId)
    return kept !== undefined && this.#now() < kept.until ? kept.identity : undefined
  }
}
