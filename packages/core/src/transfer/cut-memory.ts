const MiB = 1024 * 1024

/** An answer that broke before so many bytes says nothing about a limit; its connection may have given others before. */
const leastCutBytes = 64 * 1024

/** Requests below this cost more than they save. */
const leastRequestBytes = 4 * MiB

/**
 * Whether a source's connections are cut after so many bytes. Each cut loses what was under way, which on a fast link is a lot: from the second on,
 * requests are kept so small that they are over before. One cut may have been chance.
 */
export class CutMemory {
  #cuts = 0
  #leastBytes = Number.POSITIVE_INFINITY

  /** An answer broke off after it gave `bytes`. */
  note(bytes: number): void {
    if (bytes < leastCutBytes) return
    this.#cuts += 1
    this.#leastBytes = Math.min(this.#leastBytes, bytes)
  }

  /** Most bytes to ask for over one connection, which then serves nothing else; undefined while nothing speaks against more. */
  get survivableBytes(): number | undefined {
    return this.#cuts < 2 ? undefined : Math.max(leastRequestBytes, Math.floor(this.#leastBytes * 0.75))
  }
}
