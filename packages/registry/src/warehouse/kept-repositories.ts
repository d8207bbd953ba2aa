import type { Repository, WarehouseStore } from "@entrepot/db/stores"
import { Memo } from "./memo.ts"

/** Rows of repositories, with those that were asked for lately in memory. */
export class KeptRepositories {
  readonly #store: WarehouseStore
  readonly #now: () => number
  readonly #memo: Memo<Repository>

  constructor(parts: { readonly store: WarehouseStore; readonly now: () => number; readonly memoMs: number }) {
    this.#store = parts.store
    this.#now = parts.now
    this.#memo = new Memo({ lifetimeMs: parts.memoMs, mostEntries: 20_000 })
  }

  /** From memory alone. */
  recall(name: string): Repository | undefined {
    return this.#memo.peek(name)
  }

  get(name: string): Promise<Repository | undefined> {
    return this.#memo.get(name, () => this.#store.repository(name))
  }

  /** The one of that name, made where there is none. */
  async ensure(repository: Pick<Repository, "name" | "projectId" | "registry">): Promise<Repository> {
    return (await this.get(repository.name)) ?? (await this.#store.ensureRepository(repository, this.#now()))
  }

  forget(name: string): void {
    this.#memo.forget(name)
  }

  forgetAll(): void {
    this.#memo.clear()
  }
}
