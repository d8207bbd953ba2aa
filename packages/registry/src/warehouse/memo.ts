import { LRUCache } from "lru-cache"
import { latelyUsed } from "../lately-used.ts"

export interface MemoOptions<V> {
  /** How long a value is believed, milliseconds: other processes change rows too. */
  readonly lifetimeMs: number
  readonly mostEntries: number
  /** Weight of a value, and of all of them. */
  readonly bytes?: { readonly most: number; readonly of: (value: V) => number }
}

/**
 * Remembers for a moment what the database said. What is not there is not remembered, so that it is found as soon as somebody puts it there. A value
 * that is forgotten while it is being read is not remembered either.
 */
export class Memo<V extends object> {
  readonly #kept: LRUCache<string, V>
  readonly #loading = new Map<string, Promise<V | undefined>>()

  constructor(options: MemoOptions<V>) {
    const { mostEntries, bytes } = options
    const lifetime = { ttl: options.lifetimeMs, ttlResolution: 0 }
    if (bytes === undefined) {
      this.#kept = latelyUsed(mostEntries, lifetime)
      return
    }
    // Light values count for more than they weigh, so that there are no more of them than that.
    const least = Math.ceil(bytes.most / mostEntries)
    this.#kept = new LRUCache<string, V>({
      maxSize: bytes.most,
      sizeCalculation: (value, key) => Math.max(least, bytes.of(value) + key.length + 1),
      ...lifetime,
    })
  }

  /** What is remembered, without asking. */
  peek(key: string): V | undefined {
    return this.#kept.get(key)
  }

  /** What is remembered, or what `load` says: once, however many ask. */
  get(key: string, load: () => Promise<V | undefined>): Promise<V | undefined> {
    const kept = this.#kept.get(key)
    if (kept !== undefined) return Promise.resolve(kept)
    const running = this.#loading.get(key)
    if (running !== undefined) return running
    const loading: Promise<V | undefined> = load().then(
      (value) => {
        if (this.#loading.get(key) === loading) {
          this.#loading.delete(key)
          if (value !== undefined) this.#kept.set(key, value)
        }
        return value
      },
      (error: unknown) => {
        if (this.#loading.get(key) === loading) this.#loading.delete(key)
        throw error
      },
    )
    this.#loading.set(key, loading)
    return loading
  }

  forget(key: string): void {
    this.#kept.delete(key)
    this.#loading.delete(key)
  }

  clear(): void {
    this.#kept.clear()
    this.#loading.clear()
  }
}
