import type { Provenance, ServedBlob } from "../warehouse/readable-repository.ts"

interface ThroughBlobOptions extends Partial<Provenance> {
  /** What to throw for what reading failed with before the first byte. */
  readonly failed?: (error: unknown) => unknown
}

/** A blob as the warehouse or a fill serves it, with more said of where it came from. */
export function throughBlob(served: ServedBlob, options: ThroughBlobOptions): ServedBlob {
  const { digest, sizeBytes, location } = served
  return {
    digest,
    sizeBytes,
    ...(location === undefined ? {} : { location }),
    // A fill knows only when it is read where its bytes come from.
    get cache() {
      return options.cache ?? served.cache
    },
    get upstream() {
      return options.upstream ?? served.upstream ?? ""
    },
    read: async (range, signal) => {
      try {
        return await served.read(range, signal)
      } catch (error) {
        throw options.failed?.(error) ?? error
      }
    },
  }
}
