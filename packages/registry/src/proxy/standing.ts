import type { Repository } from "@entrepot/db/stores"
import { latelyUsed } from "../lately-used.ts"
import { RegistryError } from "../registry-error.ts"
import type { ClientIdentity } from "./client-identity.ts"
import type { ProxyWarehouse } from "./proxy-parts.ts"

/** How long an upstream's yes to a login is believed, milliseconds (RELIABILITY section 3). */
export const believedMs = 60_000

/**
 * Who may be shown what is here of a proxied repository without an upstream being asked. Everybody, where an upstream answered us without a client's
 * login since the last time that something came with one; otherwise whoever an upstream has let in within the last minute.
 */
export class Standing {
  readonly #warehouse: Pick<ProxyWarehouse, "store" | "repositories">
  readonly #now: () => number
  readonly #proofs = latelyUsed<string, number>(50_000)
  /** Repositories that this process has made private: a row that was read before says otherwise. */
  readonly #closed = latelyUsed<string, true>(50_000)

  constructor(warehouse: Pick<ProxyWarehouse, "store" | "repositories">, now: () => number) {
    this.#warehouse = warehouse
    this.#now = now
  }

  /** The repository's row where it is remembered. */
  peek(name: string): Repository | undefined {
    const row = this.#warehouse.repositories.recall(name)
    return row?.registry === null ? undefined : row
  }

  /** @throws RegistryError NAME_UNKNOWN for a name that is hosted here. */
  async row(name: string): Promise<Repository | undefined> {
    return requireProxied(await this.#warehouse.repositories.get(name))
  }

  /** Whether what is here may be shown without asking. */
  stands(row: Repository, identity: ClientIdentity | undefined): boolean {
    if (row.shared && !this.#closed.has(row.name)) return true
    if (identity === undefined) return false
    const provedAt = this.#proofs.get(proofKey(row.name, identity))
    return provedAt !== undefined && this.#now() - provedAt < believedMs
  }

  /**
   * An upstream has answered with 200. The row, made where there was none; it is `shared` from now on where no client's login was needed.
   */
  async letIn(name: string, registry: string, identity: ClientIdentity | undefined): Promise<Repository> {
    const row = requireProxied(await this.#warehouse.repositories.ensure({ name, projectId: null, registry }))
    if (identity !== undefined) {
      this.#proofs.set(proofKey(name, identity), this.#now())
      return row
    }
    return row.shared && !this.#closed.has(name) ? row : await this.#set(row, true)
  }

  /**
   * Something comes that was read with a client's login: unless strangers may read it too (`isPublic` asks an upstream), nobody else is shown what is
   * here before an upstream has let them in as well.
   */
  async beforeKeeping(
    row: Repository,
    identity: ClientIdentity | undefined,
    isPublic: () => Promise<boolean>,
  ): Promise<Repository> {
    if (identity === undefined) return row
    if (row.shared && !this.#closed.has(row.name) && (await isPublic())) return row
    // Written whatever the row says: another process may just have made it public.
    return await this.#set(row, false)
  }

  async #set(row: Repository, shared: boolean): Promise<Repository> {
    if (!shared) this.#closed.set(row.name, true)
    await this.#warehouse.store.setShared(row.id, shared)
    if (shared) this.#closed.delete(row.name)
    this.#warehouse.repositories.forget(row.name)
    return { ...row, shared }
  }
}

/** A project may be called like a registry: what is pushed there is not the upstream's, nor the other way round. */
function requireProxied<T extends Repository | undefined>(row: T): T {
  if (row?.registry !== null) return row
  throw new RegistryError("NAME_UNKNOWN", `${row.name} belongs to a project of this registry`)
}

function proofKey(name: string, identity: ClientIdentity): string {
  return `${identity.key} ${name}`
}
