import type { Descriptor } from "./descriptor.ts"
import type { Digest } from "./digest.ts"

/**
 * The small interfaces at which `transfer` and `stores` meet. A store is bound to one repository (or one directory, tar, …); abilities
 * that not every place has stand beside the two ends, each with its guard.
 */

/** Bytes on their way. Chunks are never reused by the producer: a consumer may keep them. Leaving the loop early releases the source. */
export type ByteStream = AsyncIterable<Buffer>

export interface BlobRead {
  /** Offset of the first byte that `bytes` yields: `from`, or 0 where the place ignored the range (HTTP 200 instead of 206). */
  readonly offset: number
  readonly bytes: ByteStream
}

export interface ReadRange {
  /** First byte wanted, inclusive. Default 0. */
  readonly from?: number
  /** First byte not wanted any more, exclusive. Default: to the end. */
  readonly to?: number
  /** Over a connection that serves nothing else, where places have connections: for links that cut one after so many bytes. */
  readonly alone?: boolean
}

export interface BlobSource {
  /**
   * Opens a blob's bytes. One attempt as far as the body is concerned: a body that breaks off throws a retryable TransferError from the
   * iterator, and the caller opens again at the offset it has reached. Not verified: the caller hashes.
   * @throws TransferError `not_found`, `unauthorized`, `network`, …
   */
  openBlob(blob: Descriptor, range?: ReadRange, signal?: AbortSignal): Promise<BlobRead>
}

/** The bytes of one blob as a target sees them: it may ask for any offset again, which is what makes an upload resumable. */
export interface BlobBody {
  readonly descriptor: Descriptor
  /**
   * Bytes from `offset` to the end, ordered and verified: the iterator throws instead of completing when the digest does not match.
   * At most one reader at a time; a new call ends the one before.
   */
  read(offset: number): ByteStream
  /** The target will not look at this chunk of `read` again. Telling is optional; it saves memory. */
  release?(chunk: Buffer): void
}

export interface PutOptions {
  readonly signal?: AbortSignal | undefined
  /** Called with the absolute offset reached. It may go back when bytes have to be sent again, so that progress never runs ahead of the truth. */
  readonly onProgress?: ((offset: number) => void) | undefined
  /** Something worth telling that is no failure: a resume, a new session. */
  readonly onLog?: ((message: string) => void) | undefined
}

export interface BlobTarget {
  /** Whether the blob is already in this repository. */
  hasBlob(blob: Descriptor, signal?: AbortSignal): Promise<boolean>
  /** Stores a blob whole or not at all; resumes by its own means. Putting what is already there is no error. */
  putBlob(blob: Descriptor, body: BlobBody, options?: PutOptions): Promise<void>
}

/** A manifest as it came: `bytes` hash to `descriptor.digest` and are never re-serialised. */
export interface RawManifest {
  readonly descriptor: Descriptor
  readonly bytes: Buffer
}

export interface ManifestSource {
  /** What a tag or digest points at now, without its bytes (HEAD). Undefined where there is none. */
  resolve(tagOrDigest: string, signal?: AbortSignal): Promise<Descriptor | undefined>
  /** Manifest bytes, hashed and within the 4 MiB cap. @throws TransferError `not_found`, `digest_mismatch`, `too_large`. */
  getManifest(tagOrDigest: string, signal?: AbortSignal): Promise<RawManifest>
}

export interface ManifestTarget {
  /** What a tag or digest points at now. Undefined where there is none. */
  resolve(tagOrDigest: string, signal?: AbortSignal): Promise<Descriptor | undefined>
  /** Publishes a manifest under a tag or its digest. Blobs and child manifests must be there. */
  putManifest(tagOrDigest: string, manifest: RawManifest, signal?: AbortSignal): Promise<void>
}

/** What every place has. */
export interface Place {
  /** The transport: `docker`, `oci`, `oci-archive`, `docker-archive`, `docker-daemon`, `cache`. */
  readonly transport: string
  /** Registry host, or path: for messages and for limits shared per host. */
  readonly host: string
  /** How a person would write this place, secrets left out: `harbor.example.com/proxy/nginx`, `oci:/tmp/layout`. */
  readonly display: string
  /** Packs or publishes what was put, where that is a step of its own (archives). Call once, after the last tag. */
  finish?(signal?: AbortSignal): Promise<void>
  /** Releases everything; what was put and not finished leaves no half-published trace. */
  close(): Promise<void>
}

export type SourceStore = Place & BlobSource & ManifestSource
export type TargetStore = Place & BlobTarget & ManifestTarget

/** Cross-repository mount (distribution-spec, "Mounting a blob from another repository"). */
export interface CanMount {
  /** True when the blob is now here without being sent; false when the registry would rather have it uploaded. `from` is a repository on the same host. */
  mountBlob(blob: Descriptor, from: string, signal?: AbortSignal): Promise<boolean>
  /** Repository path on its host, `library/nginx`: what another store of this host would pass as `from`. */
  readonly repository: string
}

/** A source whose `openBlob` honours `from` and `to` cheaply enough to read one blob over several connections. */
export interface CanRange {
  readonly canRange: true
}

/** distribution-spec, "Listing Referrers", with the tag-schema fallback. */
export interface HasReferrers {
  listReferrers(subject: Digest, artifactType?: string, signal?: AbortSignal): Promise<readonly Descriptor[]>
}

/** distribution-spec, "Listing Tags"; pages are followed. */
export interface HasTags {
  /** Undefined where the repository does not exist. */
  listTags(signal?: AbortSignal): Promise<readonly string[] | undefined>
}

export interface CanDelete {
  deleteManifest(tagOrDigest: string, signal?: AbortSignal): Promise<void>
}

export const canMount = (place: object): place is CanMount => "mountBlob" in place
export const canRange = (place: object): place is CanRange => "canRange" in place && place.canRange === true
export const hasReferrers = (place: object): place is HasReferrers => "listReferrers" in place
export const hasTags = (place: object): place is HasTags => "listTags" in place
export const canDelete = (place: object): place is CanDelete => "deleteManifest" in place
