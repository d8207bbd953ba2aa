import { type Descriptor, type Digest, splitDigest } from "@entrepot/core"
import type { BlobStore, PartialBlob } from "../../blobs/blob-store.ts"
import { isDiskFull } from "../../blobs/is-disk-full.ts"
import type { FillLog, FillWarehouse } from "./fill-request.ts"
import type { ReadableBytes } from "./growing-blob.ts"
import { PassThrough } from "./pass-through.ts"
import type { SharedChunk } from "./shared-chunk.ts"

export interface FillStorageParts {
  readonly blobs: BlobStore
  readonly warehouse: FillWarehouse
  readonly log: FillLog
  readonly signal: AbortSignal
  /** Some of what was added is dealt with. */
  readonly changed: () => void
  /** The disk refuses from now on. @throws what shall end the fill. */
  readonly passingThrough: () => void
}

/**
 * Where the bytes of a fill go: into a partial blob, which an earlier fill may have begun. When the disk refuses and no room can be made, they are only
 * hashed from then on, so that those who wait get them all the same (fault 31).
 */
export class FillStorage implements ReadableBytes {
  readonly #blob: Descriptor
  readonly #parts: FillStorageParts
  readonly #algorithm: "sha256" | "sha512"
  #partial: PartialBlob | undefined
  #through: PassThrough | undefined
  #pending: SharedChunk[] = []
  #writing: Promise<void> | undefined
  #removing: Promise<void> | undefined
  #isBusy = false
  #failure: { readonly error: unknown } | undefined

  private constructor(blob: Descriptor, parts: FillStorageParts) {
    this.#blob = blob
    this.#parts = parts
    this.#algorithm = splitDigest(blob.digest).algorithm
  }

  /** @param kept false: nothing of it is stored */
  static async open(blob: Descriptor, kept: boolean, parts: FillStorageParts): Promise<FillStorage> {
    const storage = new FillStorage(blob, parts)
    if (kept) await storage.#openPartial()
    else await storage.#passThrough()
    return storage
  }

  /** The bytes are stored, as far as anybody knows. */
  get isKept(): boolean {
    return this.#through === undefined
  }

  /** Bytes that were dealt with. */
  get sizeBytes(): number {
    return this.#through?.sizeBytes ?? this.#partial?.sizeBytes ?? 0
  }

  get readableBytes(): number {
    return this.#through?.readableBytes ?? this.sizeBytes
  }

  read(from: number, to: number): Promise<Buffer> {
    if (this.#partial === undefined) return Promise.reject(new Error("nothing of it was kept"))
    return this.#partial.read(from, to)
  }

  /** Takes the next bytes, which are written beside whatever goes on. @throws what writing failed with. */
  add(chunk: SharedChunk): void {
    if (this.#failure !== undefined) throw this.#failure.error
    this.#pending.push(chunk.hold())
    if (this.#isBusy) return
    this.#isBusy = true
    this.#writing = this.#write().catch((error: unknown) => {
      this.#failure = { error }
      this.#parts.changed()
    })
  }

  /** Resolves when everything that was added has been dealt with. */
  async flush(): Promise<void> {
    await this.#writing
    if (this.#failure !== undefined) throw this.#failure.error
  }

  async digest(): Promise<Digest> {
    if (this.#through !== undefined) return this.#through.digest()
    return (await this.#partial?.digest(this.#algorithm)) ?? ""
  }

  /** Gives up all bytes. */
  async reset(): Promise<void> {
    this.#pending = []
    await this.#writing
    this.#through?.reset()
    await this.#partial?.reset()
  }

  /** Removes what was kept before the disk refused: nobody will read it. */
  forgetKept(): void {
    const partial = this.#partial
    if (this.#through === undefined || partial === undefined) return
    this.#partial = undefined
    this.#through.forgetKept()
    this.#removing = partial
      .discard()
      .catch((error: unknown) =>
        this.#parts.log.warn({ digest: this.#blob.digest, error }, "a partial blob could not be removed"),
      )
  }

  /** Makes the bytes a blob of that repository. False where they were not kept. @throws TransferError. */
  async commit(repositoryId: number): Promise<boolean> {
    if (this.#through !== undefined || this.#partial === undefined) return false
    await this.#parts.warehouse.commitBlob(repositoryId, this.#partial, this.#blob.digest)
    return true
  }

  /** What is stored stays for the next fill, unless it is `useless`. */
  async close(useless: boolean): Promise<void> {
    this.#pending = []
    await this.#writing
    await this.#removing
    if (useless || !this.isKept || this.sizeBytes === 0) await this.#partial?.discard()
    else await this.#partial?.close()
  }

  async #openPartial(): Promise<void> {
    const { blobs, signal } = this.#parts
    try {
      this.#partial = await blobs.openPartial(`fill-${this.#blob.digest.replace(":", "-")}`, {
        algorithm: this.#algorithm,
        signal,
      })
      if (this.#partial.sizeBytes > this.#blob.size) await this.#partial.reset()
    } catch (error) {
      if (signal.aborted) throw error
      await this.#refused(error)
    }
  }

  async #write(): Promise<void> {
    while (this.#pending.length > 0) {
      const chunks = this.#pending
      this.#pending = []
      const bytes = chunks.map((chunk) => chunk.bytes)
      if (this.#through !== undefined) this.#through.append(bytes)
      else await this.#append(bytes)
      for (const chunk of chunks) chunk.release()
      this.#parts.changed()
    }
    this.#isBusy = false
  }

  async #append(chunks: readonly Buffer[]): Promise<void> {
    const partial = this.#partial
    if (partial === undefined) return
    let left = chunks
    for (let again = false; ; again = true) {
      const before = partial.sizeBytes
      try {
        return await partial.append(left)
      } catch (error) {
        left = beyond(left, partial.sizeBytes - before)
        if (again || !isDiskFull(error) || !(await this.#makeRoom())) {
          await this.#refused(error)
          this.#through?.append(left)
          return
        }
      }
    }
  }

  async #makeRoom(): Promise<boolean> {
    try {
      return await this.#parts.warehouse.makeRoom(this.#blob.size - this.sizeBytes)
    } catch (error) {
      this.#parts.log.warn({ error }, "no room could be made for a blob")
      return false
    }
  }

  async #refused(error: unknown): Promise<void> {
    this.#parts.log.warn({ digest: this.#blob.digest, error }, "a blob is passed through without being stored")
    await this.#passThrough()
  }

  async #passThrough(): Promise<void> {
    this.#parts.passingThrough()
    this.#through = await PassThrough.after(this.#partial, this.#algorithm)
  }
}

/** What is left of chunks when so many bytes are done. */
function beyond(chunks: readonly Buffer[], bytes: number): Buffer[] {
  const left: Buffer[] = []
  let skip = bytes
  for (const chunk of chunks) {
    if (skip < chunk.length) left.push(skip > 0 ? chunk.subarray(skip) : chunk)
    skip = Math.max(0, skip - chunk.length)
  }
  return left
}
