import type { Writable } from "node:stream"
import type { ByteStream, Digest, ReadRange } from "@entrepot/core"

/** A blob that is stored whole; its bytes hashed to its digest when they were stored. */
export interface StoredBlob {
  readonly digest: Digest
  readonly sizeBytes: number
}

/**
 * Where the warehouse's bytes are: each blob once, under its digest. Nothing here knows repositories or rights. Safe with several processes at once.
 * What has a digest here is whole and was verified; what is still growing is a `PartialBlob`, under a name. (On S3 a partial is a multipart upload,
 * and `redirectOf` a presigned URL.)
 */
export interface BlobStore {
  /** Undefined where there is none. @throws TransferError `local_io`. */
  stat(digest: Digest): Promise<StoredBlob | undefined>
  /**
   * Bytes `from` (inclusive) to `to` (exclusive) of a stored blob, read in large pieces with backpressure; at most two pieces are in memory. Not
   * hashed again. A blob that is deleted while it is read is read to its end. To be read once; a stream that can do more says so (`canSend`).
   * @throws TransferError `not_found`, `local_io`.
   */
  read(digest: Digest, range?: ReadRange, signal?: AbortSignal): Promise<ByteStream>
  /**
   * What a web server in front may send by itself: a path below the store's root, `blobs/sha256/ab/abcd…`. Undefined where it cannot.
   */
  locationOf(digest: Digest): string | undefined
  /**
   * Opens what is growing under this name (`[a-z0-9-]{1,160}`: `fill-sha256-…`, `upload-…`), and goes on where an earlier process ended. One holder
   * at a time: in this process a second call waits, while one of another living process holds it, it throws.
   * @throws TransferError `local_io`, also when it is held elsewhere.
   */
  openPartial(name: string, options?: PartialOptions): Promise<PartialBlob>
  /** Whether something grows under this name, and how far it has come. */
  statPartial(name: string): Promise<{ readonly sizeBytes: number; readonly modifiedAt: number } | undefined>
  /** Removes the blob. Nothing when it is not there. */
  delete(digest: Digest): Promise<void>
  /** Takes a blob whose bytes are wrong out of sight, and keeps them aside for whoever wants to look. */
  quarantine(digest: Digest): Promise<void>
  /** Hashes the stored bytes again, off the main thread. False: they are wrong. Undefined: there is none. */
  verify(digest: Digest, signal?: AbortSignal): Promise<boolean | undefined>
  list(): AsyncIterable<StoredBlob & { readonly modifiedAt: number }>
  /** Removes partials that nobody holds and nobody has touched for so long, and temporary files of dead processes. Returns the bytes freed. */
  sweep(olderThanMs: number): Promise<number>
  close(): Promise<void>
}

/** An ability of bytes: to write themselves, which costs less than a loop that does, and uses its memory again. Instead of the loop, once. */
export interface CanSend {
  /**
   * Resolves when `to` has taken the last byte; does not end it. Backpressure is kept. `to` must be done with a chunk when it says that it is written,
   * as a connection or a response is, and a transform is not.
   * @throws TransferError `cancelled` when the signal that they were opened with says so or `to` closes early, `local_io`.
   */
  sendTo(to: Writable): Promise<void>
}

export const canSend = (bytes: object): bytes is CanSend => "sendTo" in bytes

export interface PartialOptions {
  /** Algorithm that the bytes are hashed with as they come. Default sha256; a digest of another makes `commit` read them again. */
  readonly algorithm?: "sha256" | "sha512"
  readonly signal?: AbortSignal
}

/** Bytes that are growing into a blob. Appends follow one another; reading goes on beside them. */
export interface PartialBlob {
  readonly name: string
  /** Bytes so far; all of them can be read. */
  readonly sizeBytes: number
  /**
   * Adds bytes at the end. Resolves when they can be read, not when they are on disk. The chunks must not be changed until then.
   * @throws TransferError `local_io` (`isDiskFull` tells a full disk); then `sizeBytes` tells what is there.
   */
  append(chunks: readonly Buffer[]): Promise<void>
  /** Bytes `from` to `to`, which must not be beyond `sizeBytes`. */
  read(from: number, to: number): Promise<Buffer>
  /** The digest of the bytes so far, without ending anything. */
  digest(algorithm?: "sha256" | "sha512"): Promise<Digest>
  /** Cuts everything off. */
  reset(): Promise<void>
  /**
   * Makes the bytes a blob: synced, hashed, renamed, directory synced. It takes the place of one that is there already, which may have rotted;
   * whoever reads that one reads it to its end. Afterwards the partial is closed; `read` goes on to work until `close`.
   * @throws TransferError `digest_mismatch`: the partial stays as it is. `local_io`.
   */
  commit(digest: Digest): Promise<StoredBlob>
  /** Lets go of it; what has arrived stays for whoever opens the name next. */
  close(): Promise<void>
  /** Lets go of it and removes it. */
  discard(): Promise<void>
}
