/** Bytes [start, to) of a blob, fetched by one connection at a time and handed on in order. */
export class Segment {
  /** Next byte to arrive. */
  next: number
  /** First byte that belongs to the next segment; comes closer when another connection takes over the rest. */
  to: number
  error: unknown
  readonly #capacity: number
  readonly #chunks: Buffer[] = []
  #queued = 0
  #room: (() => void) | undefined
  #change: (() => void) | undefined

  /** @param capacity bytes that may wait here before the connection is held back */
  constructor(start: number, to: number, capacity: number) {
    this.next = start
    this.to = to
    this.#capacity = capacity
  }

  get complete(): boolean {
    return this.next >= this.to
  }

  get drained(): boolean {
    return this.complete && this.#chunks.length === 0
  }

  /** Takes what belongs here of a chunk. */
  push(chunk: Buffer): void {
    const wanted = Math.min(chunk.length, this.to - this.next)
    if (wanted <= 0) return
    const kept = wanted === chunk.length ? chunk : chunk.subarray(0, wanted)
    this.next += kept.length
    this.#queued += kept.length
    this.#chunks.push(kept)
    this.#change?.()
  }

  shift(): Buffer | undefined {
    const chunk = this.#chunks.shift()
    if (chunk !== undefined) {
      this.#queued -= chunk.length
      if (this.#queued < this.#capacity) this.#room?.()
    }
    return chunk
  }

  get full(): boolean {
    return this.#queued >= this.#capacity
  }

  /** Resolves when the consumer has made room. */
  room(): Promise<void> {
    return new Promise((resolve) => {
      this.#room = () => {
        this.#room = undefined
        resolve()
      }
    })
  }

  fail(error: unknown): void {
    this.error = error
    this.#change?.()
  }

  /** Wakes the consumer: something arrived, ended, or failed. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#change = () => {
        this.#change = undefined
        resolve()
      }
    })
  }

  /** Lets everybody who waits look again. */
  wake(): void {
    this.#room?.()
    this.#change?.()
  }
}
