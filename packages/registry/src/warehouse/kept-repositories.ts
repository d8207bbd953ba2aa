import type { Repository, WarehouseStore } from "@entrepot/db/stores"
import { RegistryError } from "../registry-error.ts"
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

  /**
   * Changes something in a repository. Where it was removed meanwhile, by another process perhaps, which memory does not know for a while, the work is
   * done once more in the one that `find` makes then.
   */
  async changing<T>(find: () => Promise<Repository>, work: (repository: Repository) => Promise<T>): Promise<T> {
    const repository = await find()
    try {
      return await work(repository)
    } catch (error) {
      if (error instanceof RegistryError || (await this.#store.repository(repository.name))?.id === repository.id) throw error
      this.forget(repository.name)
      return await work(await find())
    }
  }

  forget(name: string): void {
    this.#memo.forget(name)
  }

  forgetAll(): void {
    this.#memo.clear()
  }
}
