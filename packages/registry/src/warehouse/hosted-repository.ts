import type { ByteStream, Digest } from "@entrepot/core"
import type { ReadableRepository } from "./readable-repository.ts"

/** An upload session (distribution-spec, "Pushing blobs"). */
export interface UploadSession {
  /** A UUID; it names nothing outside its repository. */
  readonly id: string
  /** Bytes so far. */
  readonly offset: number
}

export interface PushedManifest {
  readonly digest: Digest
  /** Set where the manifest has one: the answer carries `OCI-Subject`. */
  readonly subject?: Digest
}

/** A repository that is pushed to. Methods throw RegistryError with the specification's codes. */
export interface HostedRepository extends ReadableRepository {
  /** Makes an upload session. Sessions outlive the process. `algorithm` is what the client announces; default sha256. */
  beginUpload(options?: { readonly algorithm?: "sha256" | "sha512" }): Promise<UploadSession>
  /** @throws RegistryError BLOB_UPLOAD_UNKNOWN. */
  upload(id: string): Promise<UploadSession>
  /**
   * Adds bytes. `start` is the offset that the client believes in; undefined for a stream without Content-Range. One request at a time: another waits.
   * What arrived of a body that broke off stays.
   * @throws RegistryError BLOB_UPLOAD_UNKNOWN, RANGE_INVALID (416) when `start` is not the offset.
   */
  appendUpload(id: string, start: number | undefined, body: ByteStream, signal: AbortSignal): Promise<UploadSession>
  /** Adds what is in `body`, and makes the blob. @throws RegistryError DIGEST_INVALID (the session is gone then), BLOB_UPLOAD_UNKNOWN. */
  finishUpload(id: string, digest: Digest, start: number | undefined, body: ByteStream, signal: AbortSignal): Promise<void>
  /** @throws RegistryError BLOB_UPLOAD_UNKNOWN. */
  cancelUpload(id: string): Promise<void>
  /**
   * Makes a blob readable here that another repository has, without a byte being sent. False: it is not there. `from` is a repository where whoever asks
   * may read, or tells of each repository of the same project that has the blob whether they may.
   */
  mount(digest: Digest, from: string | ((name: string) => Promise<boolean>)): Promise<boolean>
  /**
   * Stores a manifest byte for byte, under its digest and, for a tag, under that too, in one transaction. `tags`: more tags that are to point at it,
   * given with a digest as `reference`, also one of sha512 (distribution-spec, "Pushing Manifests", the `tag` parameter).
   * @throws RegistryError MANIFEST_INVALID, MANIFEST_BLOB_UNKNOWN, DIGEST_INVALID, TAG_INVALID, SIZE_INVALID (413 over 4 MiB).
   */
  putManifest(
    reference: string,
    contentType: string | undefined,
    bytes: Buffer,
    tags?: readonly string[],
  ): Promise<PushedManifest>
  /** A tag alone, or a manifest with all its tags. @throws RegistryError MANIFEST_UNKNOWN. */
  deleteManifest(reference: string): Promise<void>
  /** The link; the bytes go with garbage collection. @throws RegistryError BLOB_UNKNOWN. */
  deleteBlob(digest: Digest): Promise<void>
}
