import type { Digest } from "@entrepot/core"

/** Digests of this process that must stay where they are: they are being read, filled or pushed (RELIABILITY fault 44). */
export class Leases {
  readonly #held = new Map<Digest, number>()

  /** Holds the digest until the function is called; calling it again does nothing. */
  take(digest: Digest): () => void {
    this.#held.set(digest, (this.#held.get(digest) ?? 0) + 1)
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      const others = (this.#held.get(digest) ?? 1) - 1
      if (others > 0) this.#held.set(digest, others)
      else this.#held.delete(digest)
    }
  }

  holds(digest: Digest): boolean {
    return this.#held.has(digest)
  }
}
