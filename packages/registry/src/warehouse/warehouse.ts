import type { Digest, RawManifest } from "@entrepot/core"
import type { BlobRecord, ManifestReference, PageQuery, Repository, StoredTag, WarehouseStore } from "@entrepot/db"
import type { BlobStore, PartialBlob, StoredBlob } from "../blobs/blob-store.ts"
import type { HostedRepository } from "./hosted-repository.ts"
import { KeptBlobs } from "./kept-blobs.ts"
import { KeptManifests } from "./kept-manifests.ts"
import { KeptRepositories } from "./kept-repositories.ts"
import { KeptTags } from "./kept-tags.ts"
import { Leases } from "./leases.ts"
import { readServedManifest } from "./read-manifest.ts"
import type { ServedBlob, ServedManifest } from "./readable-repository.ts"
import { StoredRepository } from "./stored-repository.ts"
import { Touches } from "./touches.ts"
import { Uploads } from "./uploads.ts"
import type { WarehouseLog } from "./warehouse-log.ts"
import type { WarehouseParts } from "./warehouse-parts.ts"

export interface WarehouseOptions {
  readonly stores: { readonly warehouse: WarehouseStore }
  readonly blobs: BlobStore
  readonly log: WarehouseLog
  /** Milliseconds since 1970. Default: the system's. */
  readonly now?: () => number
  /** Bytes that blobs may take before images of proxied repositories are evicted. Undefined: no limit. */
  readonly quotaBytes?: number | undefined
  /** How long what no manifest names is left alone. Default 2 hours. */
  readonly graceMs?: number
  /** How long tags, manifests and links are believed that were read of the database: other processes change them too. Default 5 s; tags 2 s at most. */
  readonly memoMs?: number
  /** Memory for manifests. Default 32 MiB. */
  readonly memoBytes?: number
  /** How often it is written down what was used. Default 5 s. */
  readonly touchEveryMs?: number
  /** How long an upload's file stays open between its requests. Default 60 s; 0 where another process may get the next request. */
  readonly uploadIdleMs?: number
}

/** What is known of a blob in a proxied repository. */
export interface KnownBlob {
  /** `link`: it has been read through here; `reference`: a manifest of the repository names it. */
  readonly right: "link" | "reference"
  /** Undefined where the bytes are not here. */
  readonly record: BlobRecord | undefined
  /** As the manifest says; undefined where a link alone is known. */
  readonly reference: ManifestReference | undefined
}

/** What is stored behind /v2: repositories, their tags and manifests, and links to blobs that are stored once each. */
export class Warehouse {
  readonly #parts: WarehouseParts
  readonly #leases = new Leases()
  readonly #touches: Touches
  readonly #store: WarehouseStore

  constructor(options: WarehouseOptions) {
    const { blobs, log, now = Date.now, graceMs = 2 * 3_600_000, memoMs = 5000 } = options
    const store = options.stores.warehouse
    this.#store = store
    this.#touches = new Touches({ store, log, now, everyMs: options.touchEveryMs ?? 5000 })
    const kept = new KeptBlobs({ store, blobs, log, now, memoMs, graceMs, leases: this.#leases, touches: this.#touches })
    this.#parts = {
      store,
      kept,
      repositories: new KeptRepositories({ store, now, memoMs }),
      manifests: new KeptManifests({
        store,
        now,
        memoMs,
        memoBytes: options.memoBytes ?? 32 * 1024 * 1024,
        touches: this.#touches,
      }),
      tags: new KeptTags({ store, now, memoMs: Math.min(memoMs, 2000) }),
      uploads: new Uploads({
        store,
        blobs,
        kept,
        now,
        leases: this.#leases,
        idleMs: options.uploadIdleMs ?? 60_000,
        makeRoom: (bytes) => this.makeRoom(bytes),
      }),
    }
  }

  /** A repository that is pushed to. Nothing is made until somebody pushes. */
  hosted(repository: { readonly name: string; readonly projectId: number }): HostedRepository {
    return new StoredRepository(this.#parts, repository.name, repository.projectId)
  }

  /** The row of a repository that is read from `registry`, made where there is none. */
  proxiedRepository(name: string, registry: string): Promise<Repository> {
    return this.#parts.repositories.ensure({ name, projectId: null, registry })
  }

  /** The row of a repository. Undefined: there is none. */
  repository(name: string): Promise<Repository | undefined> {
    return this.#parts.repositories.get(name)
  }

  /** In the order of their names. */
  listRepositories(
    query: PageQuery & { readonly projectId?: number; readonly registry?: string },
  ): Promise<readonly Repository[]> {
    return this.#store.listRepositories(query)
  }

  /** A manifest of a repository, from memory alone; the same object while nothing has changed. */
  recallManifest(repositoryId: number, digest: Digest): ServedManifest | undefined {
    return this.#parts.manifests.recall(repositoryId, digest)
  }

  /** A manifest of a repository by its digest. */
  storedManifest(repositoryId: number, digest: Digest): Promise<ServedManifest | undefined> {
    return this.#parts.manifests.get(repositoryId, digest)
  }

  /** Keeps a manifest that an upstream served, whether what it names is here or not, and points the tag at it. */
  async recordManifest(repositoryId: number, manifest: RawManifest, options: { readonly tag?: string } = {}): Promise<void> {
    const { digest, mediaType } = manifest.descriptor
    const read = readServedManifest(digest, mediaType, manifest.bytes)
    const put = () => this.#parts.manifests.put(repositoryId, read, manifest.bytes, { tag: options.tag, complete: false })
    await (options.tag === undefined ? put() : this.#parts.tags.changing(repositoryId, options.tag, put))
  }

  /** Takes a manifest away, with the tags that point at it. */
  async forgetManifest(repositoryId: number, digest: Digest): Promise<boolean> {
    try {
      return await this.#parts.manifests.delete(repositoryId, digest)
    } finally {
      this.#parts.tags.forgetAll()
    }
  }

  /** A tag, from memory alone. */
  recallTag(repositoryId: number, name: string): StoredTag | undefined {
    return this.#parts.tags.recall(repositoryId, name)
  }

  storedTag(repositoryId: number, name: string): Promise<StoredTag | undefined> {
    return this.#parts.tags.get(repositoryId, name)
  }

  /** Points a tag at a manifest that is here, checked now. False where the manifest is not here. */
  setTag(repositoryId: number, name: string, digest: Digest): Promise<boolean> {
    return this.#parts.tags.set(repositoryId, name, digest)
  }

  /** An upstream has confirmed the tag. */
  touchTag(repositoryId: number, name: string): Promise<void> {
    return this.#parts.tags.touch(repositoryId, name)
  }

  deleteTag(repositoryId: number, name: string): Promise<boolean> {
    return this.#parts.tags.delete(repositoryId, name)
  }

  listTags(repositoryId: number, query: PageQuery): Promise<readonly StoredTag[]> {
    return this.#store.listTags(repositoryId, query)
  }

  /** What a proxied repository knows of a blob. Undefined: nothing says that it has one of this digest. */
  async storedBlob(repositoryId: number, digest: Digest): Promise<KnownBlob | undefined> {
    const linked = await this.#parts.kept.linked(repositoryId, digest)
    if (linked?.blob !== undefined) return { right: "link", record: linked.blob, reference: undefined }
    const reference = await this.#store.referenceIn(repositoryId, digest)
    if (linked !== undefined) return { right: "link", record: undefined, reference }
    if (reference === undefined) return undefined
    return { right: "reference", record: await this.#parts.kept.record(digest), reference }
  }

  /** Lets a repository's readers read a blob that is here already. */
  linkBlob(repositoryId: number, digest: Digest): Promise<void> {
    return this.#parts.kept.link(repositoryId, digest)
  }

  /**
   * Makes what has grown a blob of the repository: file, row and link, while nobody can collect it. Prefer it to `commit` and `adoptBlob`.
   * @throws TransferError `digest_mismatch`: nothing has changed. `local_io`.
   */
  async commitBlob(repositoryId: number, partial: PartialBlob, digest: Digest): Promise<StoredBlob> {
    return await this.#parts.kept.commit(partial, digest, repositoryId)
  }

  /** Adds a blob whose file is in the blob store, with its link. False, and nothing done, where the file is not there in that size. */
  async adoptBlob(repositoryId: number, digest: Digest, sizeBytes: number): Promise<boolean> {
    return await this.#parts.kept.adopt(repositoryId, { digest, sizeBytes })
  }

  /**
   * Opens a blob that is here. Undefined: its file is missing or has the wrong size; the row is gone now, links stay, and the caller fetches it again
   * (RELIABILITY fault 45).
   */
  openStored(record: BlobRecord): Promise<ServedBlob | undefined> {
    return this.#parts.kept.open(record)
  }

  /** Keeps a digest from being collected or evicted until the function is called. */
  lease(digest: Digest): () => void {
    return this.#leases.take(digest)
  }

  /** Frees so many bytes by eviction. False: nothing could be freed. */
  async makeRoom(_bytes: number): Promise<boolean> {
    return false
  }

  /** Writes down what was used, and lets go of uploads. */
  async close(): Promise<void> {
    await this.#parts.uploads.close()
    await this.#touches.flush()
  }
}
