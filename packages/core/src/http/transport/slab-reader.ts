import type { OnReadOpts } from "node:net"
import { lend } from "../../content/lent-chunk.ts"

const KiB = 1024

/** Slabs that wait to be filled again, for one connection. */
const mostFree = 8

interface Slab {
  readonly bytes: Buffer
  /** Chunks of it that somebody may still look at. */
  lent: number
}

/**
 * Lets a socket read straight into our memory (`onread` of net.connect), which halves the cost of a received byte.
 * Every delivered chunk is a view that is not written again unless it is given back; a slab that a read left at least half empty goes on
 * being filled.
 */
export class SlabReader {
  /** Receives the bytes; whoever holds the connection sets it. */
  sink: ((chunk: Buffer) => void) | undefined
  readonly #free: Slab[] = []
  #slabSize = 64 * KiB
  #slab: Slab | undefined
  #used = 0

  /** Chooses larger reads for a larger body. */
  expect(bytes: number): void {
    const before = this.#slabSize
    this.#slabSize = bytes >= 32 * 1024 * KiB ? 512 * KiB : bytes >= 256 * KiB ? 256 * KiB : 64 * KiB
    if (this.#slabSize !== before) this.#free.length = 0
  }

  /** The callback must not answer false to pause: Node would go on with the same buffer. Pause the socket instead. */
  get onread(): OnReadOpts {
    return {
      buffer: () => this.#window(),
      callback: (bytes, window) => {
        this.#used += bytes
        const chunk = Buffer.from(window.buffer, window.byteOffset, bytes)
        const slab = this.#slab
        if (slab !== undefined) {
          slab.lent += 1
          lend(chunk, () => this.#takeBack(slab))
        }
        this.sink?.(chunk)
        return true
      },
    }
  }

  #window(): Buffer {
    if (this.#slab === undefined || this.#used > this.#slab.bytes.length / 2 || this.#slab.bytes.length < this.#slabSize) {
      const before = this.#slab
      this.#slab = this.#free.pop() ?? { bytes: Buffer.allocUnsafeSlow(this.#slabSize), lent: 0 }
      this.#used = 0
      if (before?.lent === 0) this.#keep(before)
    }
    return this.#slab.bytes.subarray(this.#used)
  }

  #takeBack(slab: Slab): void {
    slab.lent -= 1
    if (slab.lent === 0 && slab !== this.#slab) this.#keep(slab)
  }

  #keep(slab: Slab): void {
    if (slab.bytes.length === this.#slabSize && this.#free.length < mostFree) this.#free.push(slab)
  }
}
