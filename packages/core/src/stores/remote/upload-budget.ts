const mebibyte = 1024 * 1024

/** One cut may have been chance: chunks do not get smaller than this for it. */
const firstLeastBytes = 4 * mebibyte

/** A cut of less says nothing about a limit, and chunks below it cost more than they save. */
const leastBytes = mebibyte

/** A body up to this size may be thrown away by a server that does not want it without the connection being lost (Go's net/http reads 256 KiB of rest). */
const probeBytes = 64 * 1024

/** Chunks that most links let through whole, and that cost next to nothing where round trips are short: larger ones for larger blobs. */
const carefulBytes = { least: 8 * mebibyte, most: 32 * mebibyte, ofBlob: 1 / 32 }

/** What one registry host has taught us about uploads. Kept for as long as the process talks to it; plain numbers, safe to lose. */
export class UploadMemory {
  #postLimit: number | undefined
  #survivable = Number.POSITIVE_INFINITY
  #roundTripMs = Number.POSITIVE_INFINITY

  /** Largest blob to send in a single POST: small until the host was seen to take one, none after it refused. */
  singlePostBytes(most: number): number {
    return Math.min(most, this.#postLimit ?? probeBytes)
  }

  noteSinglePost(sizeBytes: number, taken: boolean): void {
    if (taken) this.#postLimit ??= Number.POSITIVE_INFINITY
    else this.#postLimit = this.#postLimit === undefined ? -1 : Math.min(this.#postLimit, sizeBytes - 1)
  }

  /**
   * A connection was cut after `sentBytes`, and cost some of them, or all. From now on an upload is sent in requests that are over before a
   * connection is cut. Half of what was sent: the operating system had taken more than passed.
   */
  noteCut(sentBytes: number): void {
    if (sentBytes >= leastBytes) this.#limit(sentBytes / 2)
  }

  /** The host, or a proxy before it, refused a body with 413: usual limits are 1 MiB and many. */
  noteTooLarge(): void {
    this.#limit(leastBytes)
  }

  /** Connections to this host were seen to be cut: none should carry more than one chunk. */
  get cutsConnections(): boolean {
    return Number.isFinite(this.#survivable)
  }

  /** Time from a small request to its answer; the shortest counts. */
  noteRoundTrip(ms: number): void {
    this.#roundTripMs = Math.min(this.#roundTripMs, ms)
  }

  /**
   * Most bytes to send in one request of the upload at `location`; undefined while nothing speaks against all in one. Where a broken request
   * would cost the whole upload, and a round trip takes at most `carefulMs`, that is asked for before the first break.
   */
  chunkBytes(location: URL, sizeBytes: number, carefulMs: number): number | undefined {
    if (this.cutsConnections) return this.#survivable
    if (!isForgetful(location) || this.#roundTripMs > carefulMs) return undefined
    const { least, most, ofBlob } = carefulBytes
    return Math.min(most, Math.max(least, Math.ceil(sizeBytes * ofBlob)))
  }

  #limit(bytes: number): void {
    const least = this.cutsConnections ? leastBytes : firstLeastBytes
    this.#survivable = Math.max(least, Math.min(this.#survivable, Math.floor(bytes)))
  }
}

/** distribution writes the offset into its Location and refuses an upload that has grown since ("upload resumed at wrong offset" in its blobupload.go). */
function isForgetful(location: URL): boolean {
  return location.searchParams.has("_state")
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
