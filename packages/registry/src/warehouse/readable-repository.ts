import type { ByteStream, Descriptor, Digest } from "@entrepot/core"

/** Where an answer came from: for the access log, and for headers. */
export interface Provenance {
  /** `hit`: from the warehouse alone; `revalidated`: an upstream said that what we have is current; `miss`: fetched; `stale`: an upstream should have been asked and could not be. */
  readonly cache: "hit" | "revalidated" | "miss" | "stale"
  /** `host[:port]` of the upstream that was asked; absent where none was. */
  readonly upstream?: string
}

/** A manifest as it goes out. `bytes` hash to `descriptor.digest`. */
export interface ServedManifest extends Provenance {
  readonly descriptor: Descriptor
  readonly bytes: Buffer
  /** OCI `subject`, where it has one. */
  readonly subject?: Digest
}

/** The same for whoever does not need its bytes. */
export type DescribedManifest = Omit<ServedManifest, "bytes">

/** A blob as it goes out. */
export interface ServedBlob extends Provenance {
  readonly digest: Digest
  readonly sizeBytes: number
  /**
   * Its bytes, `from` inclusive to `to` exclusive, as they become available. The last part of a blob that is still arriving is withheld until its digest
   * is right. Leaving early ends nothing but this reader.
   */
  read(range: { readonly from: number; readonly to: number }, signal: AbortSignal): ByteStream | Promise<ByteStream>
  /** For a web server in front: see BlobStore. Only for blobs that are whole. */
  readonly location?: string
}

/** What a client asks of a list of names. */
export interface PageRequest {
  /** 0: an empty page, and nothing is said of a next one (distribution-spec, "Listing Tags"). */
  readonly limit: number
  /** The last entry of the page before. */
  readonly after: string | undefined
}

/** A page of tags or repositories. */
export interface NamePage {
  readonly names: readonly string[]
  /** There are more after the last of these. */
  readonly more: boolean
}

/** What can be read of one repository, hosted or read through an upstream. Rights were checked before anyone holds one. */
export interface ReadableRepository {
  /** Its full name here: `team/app`, `docker.io/library/nginx`. */
  readonly name: string
  /**
   * By tag or digest. Undefined: there is none (404). `accept`: media types that the client sent, empty for none.
   * @throws RegistryError, or TransferError when an upstream could not be asked and nothing is here (502, 503, 504, 429; never 404).
   */
  manifest(reference: string, signal: AbortSignal): Promise<ServedManifest | undefined>
  /**
   * As `manifest`, when memory alone can answer, with the same object each time while nothing has changed. Undefined: ask `manifest`. It is called on
   * every warm request, so it makes nothing and asks nobody.
   */
  recall?(reference: string): ServedManifest | undefined
  /** As `manifest`, without the bytes where that saves a fetch. */
  describe(reference: string, signal: AbortSignal): Promise<DescribedManifest | undefined>
  blob(digest: Digest, signal: AbortSignal): Promise<ServedBlob | undefined>
  /** In lexical order, after `after`. Undefined: there is no such repository. */
  tags(page: PageRequest, signal: AbortSignal): Promise<NamePage | undefined>
  /**
   * Manifests whose subject this is, in a stable order; empty where there are none. Those of a page at least, as far as there are so many: others, and
   * those of other types, may be among them.
   */
  referrers(subject: Digest, signal: AbortSignal, page?: ReferrerPage): Promise<readonly Descriptor[]>
}

/** What of a list of referrers is wanted: more than `limit`, or than 4 MiB, is of no use. */
export interface ReferrerPage {
  readonly after?: Digest | undefined
  readonly artifactType?: string | undefined
  readonly limit?: number
}
