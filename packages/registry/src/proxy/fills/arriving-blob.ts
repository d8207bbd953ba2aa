import type { ByteStream, Digest } from "@entrepot/core"
import type { Provenance, ServedBlob } from "../../warehouse/readable-repository.ts"
import { type FillRequest, upstreamName } from "./fill-request.ts"

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
  readonly #request: FillRequest
  #opened: OpenedBlob | undefined

  constructor(request: FillRequest, open: (from: number, to: number, signal: AbortSignal) => Promise<OpenedBlob>) {
    this.digest = request.blob.digest
    this.sizeBytes = request.blob.size
    this.#request = request
    this.#open = open
  }

  get cache(): Provenance["cache"] {
    return this.#opened?.cache ?? "miss"
  }

  get upstream(): string {
    const [first] = this.#request.sources
    return this.#opened?.upstream ?? (first === undefined ? "" : upstreamName(this.#request, first))
  }

  async read(range: { readonly from: number; readonly to: number }, signal: AbortSignal): Promise<ByteStream> {
    this.#opened = await this.#open(range.from, Math.min(range.to, this.sizeBytes), signal)
    return this.#opened.bytes
  }
}
