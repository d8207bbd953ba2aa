import { type Digest, SerialQueue } from "@entrepot/core"
import type { PageQuery, Repository, WarehouseStore } from "@entrepot/db/stores"
import type { PartialBlob, StoredBlob } from "../blobs/blob-store.ts"
import { buildWarehouse, type WarehouseOptions, type WarehouseParts } from "./build-warehouse.ts"
import type { HostedRepository } from "./hosted-repository.ts"
import type { KeptBlobs } from "./kept-blobs.ts"
import type { KeptManifests } from "./kept-manifests.ts"
import type { KeptRepositories } from "./kept-repositories.ts"
import type { KeptTags } from "./kept-tags.ts"
import { type CareObserver, unobserved } from "./maintenance/care-observer.ts"
import { collectGarbage, type GarbageOptions, type GarbageReport } from "./maintenance/collect-garbage.ts"
import { type EvictionOptions, type EvictionReport, evict } from "./maintenance/evict.ts"
import { reconcile } from "./maintenance/reconcile.ts"
import { type ScrubOptions, type ScrubReport, scrub } from "./maintenance/scrub.ts"
import { Quota } from "./quota.ts"
import { StoredRepository } from "./stored-repository.ts"

export type { WarehouseOptions }

/** What is stored behind /v2: repositories with their manifests and tags, and blobs, each stored once, that repositories have a right to. */
export class Warehouse {
  readonly store: WarehouseStore
  readonly repositories: KeptRepositories
  readonly manifests: KeptManifests
  readonly tags: KeptTags
  readonly blobs: KeptBlobs
  readonly #parts: WarehouseParts
  readonly #quota: Quota | undefined
  readonly #evictions = new SerialQueue()
  readonly #observer: CareObserver

  constructor(options: WarehouseOptions) {
    this.#parts = buildWarehouse(options, {
      makeRoom: (bytes) => this.makeRoom(bytes),
      stored: (bytes) => this.#stored(bytes),
    })
    const { store, repositories, manifests, tags, blobs } = this.#parts
    this.store = store
    this.repositories = repositories
    this.manifests = manifests
    this.tags = tags
    this.blobs = blobs
    this.#observer = options.observer ?? unobserved
    if (options.quotaBytes !== undefined) {
      this.#quota = new Quota({ store, limitBytes: options.quotaBytes, evict: (bytes) => this.#evictForRoom(bytes) })
    }
  }

  /** A repository that is pushed to. Nothing is made until somebody pushes. */
  hosted(repository: { readonly name: string; readonly projectId: number }): HostedRepository {
    return new StoredRepository(this.#parts, repository.name, repository.projectId)
  }

  /** The row of a repository that is read from `registry`, made where there is none. */
  proxiedRepository(name: string, registry: string): Promise<Repository> {
    return this.repositories.ensure({ name, projectId: null, registry })
  }

  /** In the order of their names. */
  listRepositories(
    query: PageQuery & { readonly projectId?: number; readonly registry?: string },
  ): Promise<readonly Repository[]> {
    return this.store.listRepositories(query)
  }

  /** Removes a repository with everything in it. Blobs stay until nothing needs them. False: there was none. */
  async removeRepository(id: number): Promise<boolean> {
    try {
      return await this.store.removeRepository(id)
    } finally {
      for (const memo of [this.repositories, this.manifests, this.tags, this.blobs]) memo.forgetAll()
    }
  }

  /**
   * Makes what has grown a blob of the repository: file, row and link, while nobody can collect it.
   * @throws TransferError `digest_mismatch`: nothing has changed. `local_io`.
   */
  async commitBlob(repositoryId: number, partial: PartialBlob, digest: Digest): Promise<StoredBlob> {
    const stored = await this.blobs.commit(partial, digest, repositoryId)
    this.#stored(stored.sizeBytes)
    return stored
  }

  /** Adds a blob whose file is in the blob store, with its link. False, and nothing done, where the file is not there in that size. */
  async adoptBlob(repositoryId: number, digest: Digest, sizeBytes: number): Promise<boolean> {
    const isAdopted = await this.blobs.adopt(repositoryId, { digest, sizeBytes })
    if (isAdopted) this.#stored(sizeBytes)
    return isAdopted
  }

  /** Keeps a digest from being collected or evicted until the function is called. */
  lease(digest: Digest): () => void {
    return this.#parts.leases.take(digest)
  }

  /** Frees so many bytes by eviction, where it can (RELIABILITY fault 31). False: nothing could be freed. */
  async makeRoom(bytes: number): Promise<boolean> {
    return (await this.#evictForRoom(bytes)).bytes > 0
  }

  /** Evicts whole images of proxied repositories, least recently used first, until blobs take no more than `quotaBytes`. */
  async evict(quotaBytes: number, options?: EvictionOptions): Promise<EvictionReport> {
    return await this.#evict((await this.store.usage()).bytes - quotaBytes, options)
  }

  /** Removes what nothing needs; may run beside pulls and pushes (RELIABILITY fault 44). */
  collectGarbage(options: Partial<GarbageOptions> = {}): Promise<GarbageReport> {
    const { graceMs, uploadAgeMs } = this.#parts
    return collectGarbage(this.#parts, { graceMs, uploadAgeMs, sweepFiles: true, ...options })
  }

  /** Hashes stored blobs again, those first that were verified longest ago (RELIABILITY fault 45). */
  scrub(options: ScrubOptions): Promise<ScrubReport> {
    return scrub(this.#parts, options)
  }

  /** Forgets rows whose file is gone, after a crash of the machine. Nothing has to wait for it: who opens a blob looks first. */
  reconcile(signal: AbortSignal): Promise<number> {
    return reconcile(this.#parts, signal)
  }

  /** Writes down what was used, and lets go of uploads, which go on after a restart. */
  async close(): Promise<void> {
    await this.#parts.uploads.close()
    await this.#parts.touches.flush()
  }

  #evictForRoom(bytes: number): Promise<EvictionReport> {
    return this.#observer.observe("evict", (onProgress, signal) => this.#evict(bytes, { onProgress, signal }))
  }

  #evict(bytes: number, options?: EvictionOptions): Promise<EvictionReport> {
    return this.#evictions.run(() => evict(this.#parts, bytes, options))
  }

  #stored(bytes: number): void {
    this.#quota?.added(bytes).catch((error: unknown) => this.#parts.log.warn({ error }, "the quota could not be kept"))
  }
}
