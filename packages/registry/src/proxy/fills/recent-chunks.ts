import type { SharedChunk } from "./shared-chunk.ts"

/** The newest bytes of a blob on its way, as the chunks in which they came. */
export class RecentChunks {
  readonly #chunks: SharedChunk[] = []
  /** Offset of each chunk's first byte. */
  readonly #starts: number[] = []
  #start = 0
  #end = 0

  /** Offset of the first byte that is kept. */
  get start(): number {
    return this.#start
  }

  /** Offset of the next byte to come. */
  get end(): number {
    return this.#end
  }

  /** Holds the chunk as long as it is kept. */
  push(chunk: SharedChunk): void {
    this.#chunks.push(chunk.hold())
    this.#starts.push(this.#end)
    this.#end += chunk.length
  }

  /** Of the chunk that holds byte `from` what lies from there on, up to `to` at most, lent; undefined where it is not kept. */
  at(from: number, to: number): Buffer | undefined {
    if (from < this.#start || from >= this.#end) return undefined
    const index = this.#indexOf(from)
    const chunk = this.#chunks[index]
    const start = this.#starts[index]
    if (chunk === undefined || start === undefined) return undefined
    return chunk.part(from - start, Math.min(chunk.length, to - start))
  }

  /** Drops whole chunks as long as byte `from` and all after it stay. */
  keepFrom(from: number): void {
    let dropped = 0
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[dropped]) {
      if (this.#start + chunk.length > from) break
      this.#start += chunk.length
      chunk.release()
      dropped += 1
    }
    if (dropped === 0) return
    this.#chunks.splice(0, dropped)
    this.#starts.splice(0, dropped)
  }

  /** Forgets everything and goes on at `offset`. */
  restartAt(offset: number): void {
    for (const chunk of this.#chunks) chunk.release()
    this.#chunks.length = 0
    this.#starts.length = 0
    this.#start = offset
    this.#end = offset
  }

  /** The last chunk that begins at or before `offset`. */
  #indexOf(offset: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}
