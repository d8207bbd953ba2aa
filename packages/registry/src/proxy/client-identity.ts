import type { Credentials } from "@entrepot/core"

/**
 * A client's own standing at an upstream (seed 2, in open mode alone): what is read with it is shown to nobody else, and what is here already is shown
 * to it only after the upstream has let it in, within the last 60 seconds (RELIABILITY section 3).
 */
export interface ClientIdentity {
  /** A hash that stands for it, for memos and for keeping apart. */
  readonly key: string
  /** What it showed at our token endpoint, or the upstream's own token that it sent us. */
  readonly shows: { readonly credentials: Credentials } | { readonly bearer: string }
}
