import { createHash, type Hash } from "node:crypto"
import type { Digest, DigestAlgorithm } from "@entrepot/core"
import type { PartialBlob } from "../../blobs/blob-store.ts"

const pieceBytes = 1024 * 1024

/** Bytes of a blob that are hashed and not kept, after those that were kept before the disk refused (fault 31). */
export class PassThrough {
  readonly #algorithm: DigestAlgorithm
  #hash: Hash
  #readableBytes = 0
  sizeBytes = 0

  private constructor(algorithm: DigestAlgorithm) {
    this.#algorithm = algorithm
    this.#hash = createHash(algorithm)
  }

  /** @throws TransferError `local_io` when what was kept cannot be read. */
  static async after(kept: PartialBlob | undefined, algorithm: DigestAlgorithm): Promise<PassThrough> {
    const through = new PassThrough(algorithm)
    const size = kept?.sizeBytes ?? 0
    while (kept !== undefined && through.sizeBytes < size) {
      through.append([await kept.read(through.sizeBytes, Math.min(size, through.sizeBytes + pieceBytes))])
    }
    through.#readableBytes = size
    return through
  }

  /** How far the bytes go that were kept. */
  get readableBytes(): number {
    return this.#readableBytes
  }

  append(chunks: readonly Buffer[]): void {
    for (const chunk of chunks) {
      this.#hash.update(chunk)
      this.sizeBytes += chunk.length
    }
  }

  digest(): Digest {
    return `${this.#algorithm}:${this.#hash.copy().digest("hex")}`
  }

  forgetKept(): void {
    this.#readableBytes = 0
  }

  reset(): void {
    this.#hash = createHash(this.#algorithm)
    this.sizeBytes = 0
    this.#readableBytes = 0
  }
}
