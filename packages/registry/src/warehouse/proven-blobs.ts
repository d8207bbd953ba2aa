import { type ByteStream, type Digest, type ReadRange, TransferError } from "@entrepot/core"
import type { BlobStore, StoredBlob } from "../blobs/blob-store.ts"
import { latelyUsed } from "../lately-used.ts"
import { withheldEnd } from "./withheld-end.ts"

/** What of a blob is not sent before its hash is known. */
const withheldBytes = 64 * 1024

/**
 * Which stored blobs this process has hashed, or has seen being hashed. What an earlier process stored may have changed since, and a file's size does not
 * tell (RELIABILITY fault 45).
 */
export class ProvenBlobs {
  readonly #files: Pick<BlobStore, "verify" | "read">
  readonly #isTrusting: boolean
  readonly #proven = latelyUsed<Digest, true>(200_000)
  readonly #proving = new Map<Digest, Promise<boolean | undefined>>()

  /** @param isTrusting every blob counts as proven */
  constructor(files: Pick<BlobStore, "verify" | "read">, isTrusting: boolean) {
    this.#files = files
    this.#isTrusting = isTrusting
  }

  has(digest: Digest): boolean {
    return this.#isTrusting || this.#proven.has(digest)
  }

  note(digest: Digest): void {
    this.#proven.set(digest, true)
  }

  forget(digest: Digest): void {
    this.#proven.delete(digest)
  }

  /** Hashes the blob, off the main thread, once for all who ask meanwhile. False: its bytes are wrong. Undefined: there is none. @throws `local_io`. */
  prove(digest: Digest): Promise<boolean | undefined> {
    if (this.has(digest)) return Promise.resolve(true)
    const known = this.#proving.get(digest)
    if (known !== undefined) return known
    const proving = this.#files
      .verify(digest)
      .then((isRight) => {
        if (isRight) this.note(digest)
        return isRight
      })
      .finally(() => this.#proving.delete(digest))
    this.#proving.set(digest, proving)
    return proving
  }

  /**
   * Reads a blob while `proof` is awaited beside it: its last bytes come when that says yes, and are an error when it says no. Whoever reads something of
   * its middle does not wait. @throws TransferError `not_found`, `local_io`; the stream `digest_mismatch`, and what `proof` throws.
   */
  async read(
    { digest, sizeBytes }: StoredBlob,
    { from = 0, to = sizeBytes }: ReadRange,
    proof: Promise<boolean>,
    signal: AbortSignal,
  ): Promise<ByteStream> {
    // It may fail before anybody waits for it.
    proof.catch(() => undefined)
    const end = Math.max(from, sizeBytes - withheldBytes)
    if (to <= end) return await this.#files.read(digest, { from, to }, signal)
    return withheldEnd(await this.#files.read(digest, { from, to: end }, signal), async () => {
      if (await proof) return await this.#files.read(digest, { from: end, to }, signal)
      throw new TransferError("digest_mismatch", `the bytes of ${digest} have changed since they were stored`)
    })
  }
}
