/** Who wants to know that jobs have changed. */
export class ChangeListeners {
  readonly #listeners = new Set<() => void>()
  readonly #onFirst: () => void
  readonly #onLast: () => void

  /** `onFirst` begins to look for the changes of other processes, `onLast` ends that. */
  constructor(onFirst: () => void, onLast: () => void) {
    this.#onFirst = onFirst
    this.#onLast = onLast
  }

  get size(): number {
    return this.#listeners.size
  }

  add(listener: () => void): () => void {
    // The same function may be added twice, and each stop ends its own.
    const own = () => listener()
    this.#listeners.add(own)
    if (this.#listeners.size === 1) this.#onFirst()
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) this.#onLast()
    }
  }

  /** A listener that throws does so on its own: the others are called, and what was committed stays committed. */
  call(): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener()
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  clear(): void {
    if (this.#listeners.size > 0) this.#onLast()
    this.#listeners.clear()
  }
}
