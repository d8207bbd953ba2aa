import type { Descriptor } from "../../content/descriptor.ts"
import { type Digest, isDigest } from "../../content/digest.ts"
import { type ParsedManifest, parseManifest } from "../../content/manifest.ts"
import { isNonDistributable } from "../../content/media-types.ts"
import type {
  BlobBody,
  BlobRead,
  CanDelete,
  CanRange,
  HasReferrers,
  HasTags,
  PutOptions,
  RawManifest,
  ReadRange,
  SourceStore,
  TargetStore,
} from "../../content/store.ts"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import { BlobDirectory } from "../files/blob-directory.ts"
import { describeReferrer } from "../files/describe-referrer.ts"
import { SerialQueue } from "../files/serial-queue.ts"
import { verifyManifest } from "../files/verify-manifest.ts"
import {
  type CacheIndexBlob,
  type CacheIndexEntry,
  cacheKey,
  cachePartialDirectory,
  readCacheIndex,
  updateCacheIndex,
} from "./cache-index.ts"
import { CacheLease } from "./cache-lease.ts"
import {
  cacheManifestPath,
  collectCacheManifests,
  deleteCacheManifest,
  readCacheManifest,
  writeCacheManifest,
} from "./cache-manifests.ts"
import { checkCacheRepository } from "./cache-name.ts"

/** How a cache is to be used. */
export interface CacheOptions {
  /** To be written to: makes the directory, and keeps cleaning processes away from what is put. Default false. */
  readonly write?: boolean
  readonly signal?: AbortSignal | undefined
}

/** Unfinished downloads that nobody came back for in a week go. */
const partialsKeptMs = 7 * 24 * 60 * 60 * 1000

/**
 * One repository of the local cache. On disk:
 *
 *     manifests/{repository}/{reference}   manifest bytes; the reference is a tag, or a digest as `sha256:{hex}`
 *     blobs/sha256/{hex}                   blob bytes, shared by all repositories (blobs/sha512/{hex} likewise)
 *     index.json                           what there is, keyed `{repository}/{reference}`
 *     .partial/  .writer-*  .*.lock-*      unfinished files, leases, locks
 *
 * A manifest is also kept under its digest, without an entry of its own; the children of an index are that only. Safe with several
 * processes at once; an interrupted download goes on where it stopped, also in another process.
 */
export class CacheStore implements SourceStore, TargetStore, CanRange, HasTags, HasReferrers, CanDelete {
  readonly transport = "cache"
  readonly host: string
  readonly display: string
  readonly canRange = true
  readonly #directory: string
  readonly #repository: string
  readonly #blobs: BlobDirectory
  readonly #lease: CacheLease | undefined
  readonly #writes = new SerialQueue()

  constructor(directory: string, repository: string, lease: CacheLease | undefined) {
    this.#directory = directory
    this.#repository = checkCacheRepository(repository)
    this.#blobs = openCacheBlobs(directory)
    this.#lease = lease
    this.host = directory
    this.display = `cache:${repository}`
  }

  openBlob(blob: Descriptor, range?: ReadRange, signal?: AbortSignal): Promise<BlobRead> {
    return this.#blobs.open(blob, range, signal)
  }

  hasBlob(blob: Descriptor): Promise<boolean> {
    return this.#blobs.has(blob)
  }

  putBlob(blob: Descriptor, body: BlobBody, options?: PutOptions): Promise<void> {
    return this.#blobs.put(blob, body, options)
  }

  async resolve(tagOrDigest: string): Promise<Descriptor | undefined> {
    try {
      return (await readCacheManifest(this.#directory, this.#repository, tagOrDigest))?.raw.descriptor
    } catch (error) {
      // Damaged is not there: the next fetch puts it right.
      if (isTransferError(error, "digest_mismatch") || isTransferError(error, "archive_invalid")) return undefined
      throw error
    }
  }

  async getManifest(tagOrDigest: string): Promise<RawManifest> {
    const found = await readCacheManifest(this.#directory, this.#repository, tagOrDigest)
    if (found !== undefined) return found.raw
    throw new TransferError("not_found", `the cache has no ${this.#repository}:${tagOrDigest}`, {
      host: this.#directory,
      hint: "`list` shows what the cache has; `pull` brings an image into it",
    })
  }

  /** @throws TransferError `not_found` when a blob of the image is not in the cache. */
  async putManifest(tagOrDigest: string, manifest: RawManifest, signal?: AbortSignal): Promise<void> {
    cacheManifestPath(this.#repository, tagOrDigest)
    verifyManifest(tagOrDigest, manifest)
    const members = await collectCacheManifests(this.#directory, this.#repository, manifest)
    const entry: CacheIndexEntry = {
      repository: this.#repository,
      reference: tagOrDigest,
      manifest_path: cacheManifestPath(this.#repository, tagOrDigest),
      config_digest: findConfig(members) ?? "",
      blobs: Object.fromEntries(await this.#describeBlobs(members)),
    }
    const { digest } = manifest.descriptor
    await this.#writes.run(() =>
      updateCacheIndex(
        this.#directory,
        async (index) => {
          for (const reference of new Set([digest, tagOrDigest])) {
            await writeCacheManifest(this.#directory, this.#repository, reference, manifest.bytes)
          }
          const children = members.map((member) => cacheKey(this.#repository, member.raw.descriptor.digest))
          const others = Object.entries(index).filter(([key]) => !children.includes(key))
          return { ...Object.fromEntries(others), [cacheKey(this.#repository, tagOrDigest)]: entry }
        },
        signal,
      ),
    )
  }

  async listTags(): Promise<readonly string[] | undefined> {
    const references = Object.values(await readCacheIndex(this.#directory))
      .filter((entry) => entry.repository === this.#repository)
      .map((entry) => entry.reference)
    return references.length === 0 ? undefined : references.filter((reference) => !isDigest(reference)).sort()
  }

  async listReferrers(subject: Digest, artifactType?: string): Promise<readonly Descriptor[]> {
    const referrers = new Map<Digest, Descriptor>()
    for (const { repository, reference } of Object.values(await readCacheIndex(this.#directory))) {
      if (repository !== this.#repository) continue
      const found = await readCacheManifest(this.#directory, repository, reference)
      if (found === undefined) continue
      const parsed = parseManifest(found.raw)
      const referrer = describeReferrer(found.raw.descriptor, parsed)
      if (parsed.subject?.digest === subject && (artifactType === undefined || referrer.artifactType === artifactType)) {
        referrers.set(referrer.digest, referrer)
      }
    }
    return [...referrers.values()]
  }

  /** Removes a tag, or a manifest with all its tags. Blobs stay until the cache is cleaned. */
  async deleteManifest(tagOrDigest: string, signal?: AbortSignal): Promise<void> {
    await this.getManifest(tagOrDigest)
    await this.#writes.run(() =>
      updateCacheIndex(
        this.#directory,
        async (index) => {
          const gone = new Set([tagOrDigest])
          if (isDigest(tagOrDigest)) {
            for (const { repository, reference } of Object.values(index)) {
              if (repository !== this.#repository) continue
              if ((await this.resolve(reference))?.digest === tagOrDigest) gone.add(reference)
            }
          }
          for (const reference of gone) await deleteCacheManifest(this.#directory, this.#repository, reference)
          return Object.fromEntries(
            Object.entries(index).filter(([, entry]) => entry.repository !== this.#repository || !gone.has(entry.reference)),
          )
        },
        signal,
      ),
    )
  }

  async close(): Promise<void> {
    await this.#lease?.release()
    if (this.#lease !== undefined) await this.#blobs.sweep(partialsKeptMs)
  }

  async #describeBlobs(members: readonly { parsed: ParsedManifest }[]): Promise<Map<string, CacheIndexBlob>> {
    const blobs = new Map<string, CacheIndexBlob>()
    for (const { parsed } of members) {
      if (parsed.kind === "index") continue
      for (const blob of parsed.blobs) {
        if (await this.#blobs.has(blob)) {
          blobs.set(blob.digest, describeBlob(blob, blob.digest === parsed.config.digest))
        } else if (!isNonDistributable(blob.mediaType)) {
          throw new TransferError("not_found", `blob ${blob.digest} is not in the cache`, {
            host: this.#directory,
            hint: "fetch the image again",
          })
        }
      }
    }
    return blobs
  }
}

/** The blobs of a cache directory, which all repositories share. */
export function openCacheBlobs(directory: string): BlobDirectory {
  return new BlobDirectory(directory, { partialDirectory: cachePartialDirectory(directory), keepPartials: true })
}

/** Opens a repository of the cache in `directory`. @throws TransferError `usage` for a name that is none, `local_io`. */
export async function openCache(directory: string, repository: string, options: CacheOptions = {}): Promise<CacheStore> {
  checkCacheRepository(repository)
  const lease = options.write ? await CacheLease.take(directory, options.signal) : undefined
  return new CacheStore(directory, repository, lease)
}

function describeBlob(blob: Descriptor, isConfig: boolean): CacheIndexBlob {
  return {
    digest: blob.digest,
    size: blob.size,
    path: `blobs/${blob.digest.replace(":", "/")}`,
    is_config: isConfig,
    compressed: /[.+](gzip|zstd)$/.test(blob.mediaType),
    media_type: blob.mediaType,
  }
}

function findConfig(members: readonly { parsed: ParsedManifest }[]): string | undefined {
  for (const { parsed } of members) if (parsed.kind === "image") return parsed.config.digest
  return undefined
}
