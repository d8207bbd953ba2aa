/** Turns what is pushed into what is pulled: an async iterator over events, with an end or an error. */
export class EventQueue<T> {
  readonly #waiting: T[] = []
  readonly #isDroppable: (value: T) => boolean
  readonly #limit: number
  #wake: () => void = () => {}
  #ended = false
  #error: unknown

  /** Values that are `droppable` are left out while the reader is more than `limit` behind; the others never are. */
  constructor(isDroppable: (value: T) => boolean, limit = 256) {
    this.#isDroppable = isDroppable
    this.#limit = limit
  }

  push(value: T): void {
    if (this.#ended || (this.#waiting.length >= this.#limit && this.#isDroppable(value))) return
    this.#waiting.push(value)
    this.#wake()
  }

  /** No more values; those that wait are still handed over. */
  end(error?: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) yield next
      else if (this.#ended) break
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
    if (this.#error !== undefined) throw this.#error
  }
}
