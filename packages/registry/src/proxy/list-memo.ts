import { LRUCache } from "lru-cache"

/** About as many characters are kept at once. */
const mostCharacters = 16 * 1024 * 1024

interface Kept<T extends object> {
  readonly list: T
  readonly at: number
}

/** Lists that upstreams have given, kept for as long as a tag is believed. */
export class ListMemo<T extends object> {
  readonly #kept = new LRUCache<string, Kept<T>>({ maxSize: mostCharacters, max: 10_000 })
  readonly #now: () => number
  readonly #sizeOf: (list: T) => number

  /** @param sizeOf about how many characters a list has */
  constructor(now: () => number, sizeOf: (list: T) => number) {
    this.#now = now
    this.#sizeOf = sizeOf
  }

  get(key: string, lifetimeMs: number): T | undefined {
    const kept = this.#kept.get(key)
    return kept === undefined || this.#now() - kept.at >= lifetimeMs ? undefined : kept.list
  }

  set(key: string, list: T): void {
    this.#kept.set(key, { list, at: this.#now() }, { size: 1 + this.#sizeOf(list) })
  }
}
