import type { BlobSource, BlobTarget, Descriptor, Place } from "@entrepot/core"
import type { Warehouse } from "../../warehouse/warehouse.ts"

/** One upstream's repository that has the blob; a RemoteStore is one. */
export type FillSource = BlobSource & Pick<BlobTarget, "hasBlob"> & Pick<Place, "host">

/** A blob that is not here, or whose bytes this repository has not yet been shown to have a right to. */
export interface FillRequest {
  /** Gets the link when the blob is whole. */
  readonly repositoryId: number
  /** Digest and size must be right; the size is a promise that longer answers break. */
  readonly blob: Descriptor
  /** The best first: when one fails or lies, the next carries on where it stopped. At least one. */
  readonly sources: readonly FillSource[]
  /**
   * Who asks, as far as upstreams may answer differently: two requests with the same audience share what an upstream has allowed one of them.
   * Default: the repository.
   */
  readonly audience?: string | undefined
  /** What the access log calls a source. Default its host. */
  readonly upstreamOf?: ((source: FillSource) => string) | undefined
}

/** What fills need of the warehouse. */
export type FillWarehouse = Pick<Warehouse, "commitBlob" | "adoptBlob" | "makeRoom">

/** Where fills say what an operator should know. */
export interface FillLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** What a source is called. */
export function upstreamName(request: FillRequest, source: FillSource): string {
  return request.upstreamOf?.(source) ?? source.host
}

/** Who asks, as far as upstreams may answer differently. */
export function audienceOf(request: FillRequest): string {
  return request.audience ?? String(request.repositoryId)
}
