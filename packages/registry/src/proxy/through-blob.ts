import type { ByteStream, Digest } from "@entrepot/core"
import type { Provenance, ServedBlob } from "../warehouse/readable-repository.ts"

interface ThroughBlobOptions extends Partial<Provenance> {
  /** What to throw for what reading failed with before the first byte. */
  readonly failed?: (error: unknown) => unknown
}

/** A blob as the warehouse or a fill serves it, with more said of where it came from. */
export class ThroughBlob implements ServedBlob {
  readonly #served: ServedBlob
  readonly #options: ThroughBlobOptions
  readonly location?: string

  constructor(served: ServedBlob, options: ThroughBlobOptions) {
    this.#served = served
    this.#options = options
    if (served.location !== undefined) this.location = served.location
  }

  get digest(): Digest {
    return this.#served.digest
  }

  get sizeBytes(): number {
    return this.#served.sizeBytes
  }

  get cache(): Provenance["cache"] {
    return this.#options.cache ?? this.#served.cache
  }

  get upstream(): string {
    return this.#options.upstream ?? this.#served.upstream ?? ""
  }

  async read(range: { readonly from: number; readonly to: number }, signal: AbortSignal): Promise<ByteStream> {
    try {
      return await this.#served.read(range, signal)
    } catch (error) {
      throw this.#options.failed?.(error) ?? error
    }
  }
}
