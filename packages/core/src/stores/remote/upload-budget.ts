const mebibyte = 1024 * 1024

/** One cut may have been chance: chunks do not get smaller than this for it. */
const firstLeastBytes = 4 * mebibyte

/** A cut of less says nothing about a limit, and chunks below it cost more than they save. */
const leastBytes = mebibyte

/** A body up to this size may be thrown away by a server that does not want it without the connection being lost (Go's net/http reads 256 KiB of rest). */
const probeBytes = 64 * 1024

/** What one registry host has taught us about uploads. Kept for as long as the process talks to it; plain numbers, safe to lose. */
export class UploadMemory {
  #postLimit: number | undefined
  #survivable = Number.POSITIVE_INFINITY

  /** Largest blob to send in a single POST: small until the host was seen to take one, none after it refused. */
  singlePostBytes(most: number): number {
    return Math.min(most, this.#postLimit ?? probeBytes)
  }

  noteSinglePost(sizeBytes: number, taken: boolean): void {
    if (taken) this.#postLimit ??= Number.POSITIVE_INFINITY
    else this.#postLimit = Math.min(this.#postLimit ?? sizeBytes, sizeBytes) - 1
  }

  /**
   * The host refused to continue an upload whose connection was cut after `sentBytes`. What it confirms are whole requests only, so from now on an
   * upload is sent in requests that are over before a connection is cut. Half of what was sent: the operating system had taken more than passed.
   */
  noteRefusedResume(sentBytes: number): void {
    if (sentBytes >= leastBytes) this.#limit(sentBytes / 2)
  }

  /** The host (or a proxy before it) refused a body of this size with 413. */
  noteTooLarge(sentBytes: number): void {
    this.#limit(sentBytes / 2)
  }

  /** Most bytes to send in one request, each on a connection of its own; undefined while nothing speaks against all in one. */
  get chunkBytes(): number | undefined {
    return Number.isFinite(this.#survivable) ? this.#survivable : undefined
  }

  #limit(bytes: number): void {
    const least = this.chunkBytes === undefined ? firstLeastBytes : leastBytes
    this.#survivable = Math.max(least, Math.min(this.#survivable, Math.floor(bytes)))
  }
}

/** The memories of all hosts one HTTP client talks to. */
export class UploadMemories {
  readonly #byHost = new Map<string, UploadMemory>()

  of(host: string): UploadMemory {
    const memory = this.#byHost.get(host) ?? new UploadMemory()
    this.#byHost.set(host, memory)
    return memory
  }
}
