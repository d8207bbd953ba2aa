import type { ByteStream, Descriptor, Digest } from "@entrepot/core"
import type { Provenance, ServedBlob } from "../../warehouse/readable-repository.ts"

/** A stream whose first byte is there, and where it comes from. */
export interface OpenedBlob {
  readonly bytes: ByteStream
  readonly cache: Provenance["cache"]
  readonly upstream: string | undefined
}

/** A blob that is not here until it is read. `cache` and `upstream` tell the truth once `read` has resolved. */
export class ArrivingBlob implements ServedBlob {
  readonly digest: Digest
  readonly sizeBytes: number
  readonly #open: (from: number, to: number, signal: AbortSignal) => Promise<OpenedBlob>
  #opened: OpenedBlob | undefined

  constructor(blob: Descriptor, open: (from: number, to: number, signal: AbortSignal) => Promise<OpenedBlob>) {
    this.digest = blob.digest
    this.sizeBytes = blob.size
    this.#open = open
  }

  get cache(): Provenance["cache"] {
    return this.#opened?.cache ?? "miss"
  }

  get upstream(): string {
    return this.#opened?.upstream ?? ""
  }

  async read(range: { readonly from: number; readonly to: number }, signal: AbortSignal): Promise<ByteStream> {
    this.#opened = await this.#open(range.from, Math.min(range.to, this.sizeBytes), signal)
    return this.#opened.bytes
  }
}
