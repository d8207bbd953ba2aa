import { TransferError } from "@entrepot/core"
import { BlobReader } from "./blob-reader.ts"
import { RecentChunks } from "./recent-chunks.ts"
import type { SharedChunk } from "./shared-chunk.ts"

const KiB = 1024
const MiB = 1024 * KiB

/** The end of a blob that nobody gets before its digest is right (RELIABILITY section 2). */
const withheldBytes = 64 * KiB

/**
 * Read at once for a reader that is behind. Each piece is held until its client has taken it, so the more readers there are the smaller they are, down
 * to where reading costs more than it brings.
 */
const mostPieceBytes = MiB
const leastPieceBytes = 128 * KiB

/** Pieces of all readers of a blob together, as far as that leaves them their least. */
const allPieceBytes = 16 * MiB

/** What of a growing blob can be read again. */
export interface ReadableBytes {
  /** Bytes that can be read, from the first one on. */
  readonly readableBytes: number
  read(from: number, to: number): Promise<Buffer>
}

/**
 * A blob on its way, for any number of readers, none of whom waits for another. Whoever is at its end gets the chunks as they come, whoever is behind
 * reads what is stored. Nobody sees anything before `admit`, nor the end before `verified`.
 */
export class GrowingBlob {
  readonly sizeBytes: number
  readonly recent = new RecentChunks()
  readonly #readers = new Set<BlobReader>()
  readonly #changed: () => void
  #stored: ReadableBytes | undefined
  #isAdmitted = false
  #isVerified = false
  #failure: { readonly error: unknown } | undefined
  #attempt = 0
  #givenUp: unknown
  /** Pieces that are being read from what is stored. */
  #reading = 0
  #quiet: (() => void)[] = []

  /** @param changed called when a reader has got further, or left */
  constructor(sizeBytes: number, changed: () => void) {
    this.sizeBytes = sizeBytes
    this.#changed = changed
  }

  /** Bytes that have come so far. */
  get arrivedBytes(): number {
    return this.recent.end
  }

  /** Bytes that readers may see. */
  get readableBytes(): number {
    if (this.#isVerified) return this.sizeBytes
    return this.#isAdmitted ? Math.max(0, Math.min(this.recent.end, this.sizeBytes - withheldBytes)) : 0
  }

  get isVerified(): boolean {
    return this.#isVerified
  }

  /** Changes when all bytes so far were given up: what comes now has nothing to do with what was read before. */
  get attempt(): number {
    return this.#attempt
  }

  /** Somebody is reading. */
  get isAttended(): boolean {
    return this.#readers.size > 0
  }

  /** Where the slowest reader stands; infinite without one. */
  get slowest(): number {
    let slowest = Number.POSITIVE_INFINITY
    for (const reader of this.#readers) slowest = Math.min(slowest, reader.position)
    return slowest
  }

  /** Begins with what is stored already. */
  begin(stored: ReadableBytes): void {
    this.#stored = stored
    this.recent.restartAt(stored.readableBytes)
  }

  /** A source has shown that it gives this blob to those who read here. */
  admit(): void {
    this.#isAdmitted = true
    this.#wake()
  }

  /** The next bytes, from a source that those who read here may read. */
  push(chunk: SharedChunk): void {
    this.recent.push(chunk)
    this.admit()
  }

  /** All bytes are there, and they are right. */
  verified(): void {
    this.#isVerified = true
    this.#wake()
  }

  /** What came was wrong, and comes again from the first byte: whoever has seen some of it fails with `why`, the others wait on. */
  startAgain(why: unknown): void {
    this.#attempt += 1
    this.#givenUp = why
    this.recent.restartAt(0)
    this.#wake()
  }

  /** It will not come. */
  fail(error: unknown): void {
    this.#failure = { error }
    this.#wake()
  }

  /** A reader of bytes `from` to `to`, who has to read or to leave; aborting the signal is leaving. */
  join(from: number, to: number, signal: AbortSignal): BlobReader {
    const reader = new BlobReader(this, from, to, signal)
    this.#readers.add(reader)
    return reader
  }

  leave(reader: BlobReader): void {
    if (!this.#readers.delete(reader)) return
    this.#changed()
    this.#ring()
  }

  /** A reader has got further. */
  advanced(): void {
    this.#changed()
  }

  /** @throws what the fill failed with; with `attempt`, why the bytes of that attempt were given up. */
  assertGood(attempt?: number): void {
    if (this.#failure !== undefined) throw this.#failure.error
    if (attempt !== undefined && attempt !== this.#attempt) throw this.#givenUp
  }

  /** Some bytes from there on, at most up to `to`, which must be readable. */
  piece(from: number, to: number): Buffer | Promise<Buffer> {
    return this.recent.at(from, to) ?? this.#storedPiece(from, to)
  }

  /** Resolves when stored bytes are not needed any more: of a blob that failed at once, otherwise when the last reader has gone. */
  async unread(): Promise<void> {
    while (this.#reading > 0 || (this.isAttended && this.#failure === undefined)) {
      await new Promise<void>((resolve) => this.#quiet.push(resolve))
    }
  }

  async #storedPiece(from: number, end: number): Promise<Buffer> {
    const stored = this.#stored
    const pieceBytes = Math.max(leastPieceBytes, Math.min(mostPieceBytes, allPieceBytes / Math.max(1, this.#readers.size)))
    const to = Math.min(end, from + Math.floor(pieceBytes), stored?.readableBytes ?? 0)
    if (stored === undefined || to <= from) throw new TransferError("local_io", `byte ${from} is not at hand any more`)
    this.#reading += 1
    try {
      return await stored.read(from, to)
    } finally {
      this.#reading -= 1
      this.#ring()
    }
  }

  #wake(): void {
    for (const reader of this.#readers) reader.wake()
    this.#ring()
  }

  #ring(): void {
    const waiting = this.#quiet
    if (waiting.length === 0) return
    this.#quiet = []
    for (const resolve of waiting) resolve()
  }
}
