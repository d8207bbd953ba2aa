import { giveBack, lend } from "@entrepot/core"

/** A chunk that several look at: its memory goes back to whoever lent it when the last of them is done, and never where one of them forgets to say so. */
export class SharedChunk {
  readonly bytes: Buffer
  readonly #lent: Buffer
  #holders = 1

  /** Held by the caller. */
  constructor(lent: Buffer) {
    this.#lent = lent
    // A view, which nobody can give back under the others.
    this.bytes = lent.subarray()
  }

  get length(): number {
    return this.bytes.length
  }

  hold(): this {
    this.#holders += 1
    return this
  }

  release(): void {
    this.#holders -= 1
    if (this.#holders === 0) giveBack(this.#lent)
  }

  /** A part of it, lent on: held until it is given back. */
  part(from: number, to: number): Buffer {
    const part = this.bytes.subarray(from, to)
    this.hold()
    lend(part, () => this.release())
    return part
  }
}
