const kib = 1024

/** Sizes of pieces: the large ones while few read, the smaller ones the more memory is out. */
const classes = [16 * kib, 64 * kib, 256 * kib, 1024 * kib] as const

/** Memory for reading files, shared by all readers and used again: what is out is counted, and the more is out, the smaller pieces get. */
export class ReadBuffers {
  readonly #budgetBytes: number
  readonly #free = new Map<number, Buffer[]>(classes.map((size) => [size, []]))
  #freeBytes = 0
  #outBytes = 0

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes
  }

  /** Bytes that readers hold now. */
  get outBytes(): number {
    return this.#outBytes
  }

  /** Whether a reader may hold a second piece, to read ahead. */
  get mayReadAhead(): boolean {
    return this.#outBytes < this.#budgetBytes
  }

  /** Memory for at most so many bytes; never waits. It may be smaller, and larger than what is wanted. */
  take(wantedBytes: number): Buffer {
    const size = this.#sizeFor(wantedBytes)
    this.#outBytes += size
    const buffer = this.#free.get(size)?.pop()
    if (buffer === undefined) return Buffer.allocUnsafeSlow(size)
    this.#freeBytes -= size
    return buffer
  }

  /** Nobody looks at this memory any more. */
  give(buffer: Buffer): void {
    this.forget(buffer)
    if (this.#freeBytes + buffer.length > this.#budgetBytes / 2) return
    this.#free.get(buffer.length)?.push(buffer)
    this.#freeBytes += buffer.length
  }

  /** The reader is done with this memory, but somebody may still look at it: it is not used again. */
  forget(buffer: Buffer): void {
    this.#outBytes -= buffer.length
  }

  #sizeFor(wantedBytes: number): number {
    const used = this.#outBytes / this.#budgetBytes
    const most = used < 0.25 ? classes[3] : used < 0.5 ? classes[2] : used < 1 ? classes[1] : classes[0]
    for (const size of classes) if (size >= wantedBytes || size >= most) return size
    return most
  }
}
