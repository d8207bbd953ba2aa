/** Events pushed from callbacks, pulled by one `for await`. Unbounded, because its producers throttle themselves. */
export class EventQueue<Event> implements AsyncIterable<Event> {
  readonly #events: Event[] = []
  #closed = false
  #wake: (() => void) | undefined

  push(event: Event): void {
    this.#events.push(event)
    this.#wake?.()
  }

  /** No more events; those still queued are delivered. */
  close(): void {
    this.#closed = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void> {
    for (;;) {
      const event = this.#events.shift()
      if (event !== undefined) {
        yield event
        continue
      }
      if (this.#closed) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
  }
}
