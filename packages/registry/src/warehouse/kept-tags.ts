import type { Digest } from "@entrepot/core"
import type { StoredTag, WarehouseStore } from "@entrepot/db/stores"
import { Memo } from "./memo.ts"

/** Tags of all repositories, with those that were asked for lately in memory. */
export class KeptTags {
  readonly #store: WarehouseStore
  readonly #now: () => number
  readonly #memo: Memo<StoredTag>

  constructor(parts: { readonly store: WarehouseStore; readonly now: () => number; readonly memoMs: number }) {
    this.#store = parts.store
    this.#now = parts.now
    this.#memo = new Memo({ lifetimeMs: parts.memoMs, mostEntries: 50_000 })
  }

  /** From memory alone. */
  recall(repositoryId: number, name: string): StoredTag | undefined {
    return this.#memo.peek(keyOf(repositoryId, name))
  }

  get(repositoryId: number, name: string): Promise<StoredTag | undefined> {
    return this.#memo.get(keyOf(repositoryId, name), () => this.#store.tag(repositoryId, name))
  }

  /** False, and nothing done, where the manifest is not in the repository. */
  set(repositoryId: number, name: string, digest: Digest): Promise<boolean> {
    return this.changing(repositoryId, name, () => this.#store.setTag(repositoryId, name, digest, this.#now()))
  }

  /** An upstream has confirmed the tag. */
  touch(repositoryId: number, name: string): Promise<void> {
    return this.changing(repositoryId, name, () => this.#store.touchTag(repositoryId, name, this.#now()))
  }

  delete(repositoryId: number, name: string): Promise<boolean> {
    return this.changing(repositoryId, name, () => this.#store.deleteTag(repositoryId, name))
  }

  /** Runs work that changes this tag; what memory says of it is forgotten, whether the work succeeds or not. */
  async changing<T>(repositoryId: number, name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } finally {
      this.#memo.forget(keyOf(repositoryId, name))
    }
  }

  forgetAll(): void {
    this.#memo.clear()
  }
}

function keyOf(repositoryId: number, name: string): string {
  return `${repositoryId}/${name}`
}
