const largeBytes = 512 * 1024
const smallBytes = 64 * 1024

/** How long a reader waits for a large piece before it goes on with a small one. */
const patienceMs = 250

interface Waiting {
  readonly since: number
  readonly done: (memory: Buffer) => void
}

/**
 * Memory for reading files, shared by all readers and used again. A read costs about the same whatever its size, so pieces are large; there are as many
 * as the budget holds, and who finds none waits its turn. Small pieces are for small files, for slow readers, which would hold a large one for
 * long, and for those who have waited for a quarter of a second: they are few bytes each and always to be had, so that no reader can stop another.
 */
export class ReadBuffers {
  readonly #mostLarge: number
  readonly #freeLarge: Buffer[] = []
  readonly #freeSmall: Buffer[] = []
  #largeOut = 0
  #smallOut = 0
  #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(budgetBytes: number) {
    this.#mostLarge = Math.max(1, Math.floor(budgetBytes / largeBytes))
  }

  /** Bytes that readers hold now. */
  get outBytes(): number {
    return this.#largeOut * largeBytes + this.#smallOut * smallBytes
  }

  /** Whether there is so much memory that a reader may hold a second piece. */
  get mayReadAhead(): boolean {
    return this.#waiting.length === 0 && this.#largeOut < this.#mostLarge / 2
  }

  /** Memory for so many bytes or fewer, at once or when it is this reader's turn. Each must come back by `give` or `forget`. */
  take(wantedBytes: number, isSlow: boolean, done: (memory: Buffer) => void): void {
    if (wantedBytes <= smallBytes || isSlow) done(this.#takeSmall())
    else if (this.#largeOut < this.#mostLarge) done(this.#takeLarge())
    else {
      this.#waiting.push({ since: performance.now(), done })
      this.#timer ??= setTimeout(() => this.#helpOut(), patienceMs)
    }
  }

  /** Nobody looks at this memory any more. */
  give(memory: Buffer): void {
    this.recycle(memory)
    this.forget(memory)
  }

  /** The reader is done with this memory, but somebody may look at it still: it does not count any more, and is not used again. */
  forget(memory: Buffer): void {
    if (memory.length === smallBytes) this.#smallOut--
    else this.#largeOut--
    while (this.#waiting.length > 0 && this.#largeOut < this.#mostLarge) this.#waiting.shift()?.done(this.#takeLarge())
  }

  /** Memory that was forgotten may be used again after all. */
  recycle(memory: Buffer): void {
    if (memory.length === smallBytes) {
      if (this.#freeSmall.length < this.#mostLarge) this.#freeSmall.push(memory)
    } else if (this.#freeLarge.length < this.#mostLarge) this.#freeLarge.push(memory)
  }

  #takeLarge(): Buffer {
    this.#largeOut++
    return this.#freeLarge.pop() ?? Buffer.allocUnsafeSlow(largeBytes)
  }

  #takeSmall(): Buffer {
    this.#smallOut++
    return this.#freeSmall.pop() ?? Buffer.allocUnsafeSlow(smallBytes)
  }

  #helpOut(): void {
    this.#timer = undefined
    const now = performance.now()
    while (this.#waiting[0] && now - this.#waiting[0].since >= patienceMs) this.#waiting.shift()?.done(this.#takeSmall())
    const next = this.#waiting[0]
    if (next) this.#timer = setTimeout(() => this.#helpOut(), Math.max(1, next.since + patienceMs - now))
  }
}
