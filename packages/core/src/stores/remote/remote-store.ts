import type { Descriptor } from "../../content/descriptor.ts"
import type {
  BlobBody,
  BlobRead,
  CanDelete,
  CanMount,
  CanRange,
  PutOptions,
  RawManifest,
  ReadRange,
  SourceStore,
  TargetStore,
} from "../../content/store.ts"
import { hasBlob, openBlob } from "./blobs.ts"
import { deleteManifest, getManifest, putManifest, resolveManifest } from "./manifests.ts"
import { type RepositoryAddress, RepositoryClient } from "./repository-client.ts"
import { defaultUploadSettings, type UploadSettings, uploadBlob } from "./upload.ts"
import { UploadMemories } from "./upload-budget.ts"

export interface RemoteOptions extends RepositoryAddress {
  /** How a person would write it; default `host/repository`. */
  readonly display?: string | undefined
  /** What hosts have taught about uploads: hand the same to all remotes of a process. Default: this store's own. */
  readonly uploads?: UploadMemories | undefined
  readonly upload?: Partial<UploadSettings> | undefined
}

export type RemoteStore = SourceStore & TargetStore & CanMount & CanRange & CanDelete

export function openRemote(options: RemoteOptions): RemoteStore {
  return new Remote(options)
}

class Remote implements RemoteStore {
  readonly transport = "docker"
  readonly host: string
  readonly repository: string
  readonly display: string
  readonly canRange = true as const
  readonly #client: RepositoryClient
  readonly #uploads: UploadMemories
  readonly #settings: UploadSettings

  constructor(options: RemoteOptions) {
    this.#client = new RepositoryClient(options)
    this.host = options.host
    this.repository = options.repository
    this.display = options.display ?? `${options.host}/${options.repository}`
    this.#uploads = options.uploads ?? new UploadMemories()
    this.#settings = { ...defaultUploadSettings, ...options.upload }
  }

  resolve(tagOrDigest: string, signal?: AbortSignal): Promise<Descriptor | undefined> {
    return resolveManifest(this.#client, tagOrDigest, signal)
  }

  getManifest(tagOrDigest: string, signal?: AbortSignal): Promise<RawManifest> {
    return getManifest(this.#client, tagOrDigest, signal)
  }

  async putManifest(tagOrDigest: string, manifest: RawManifest, signal?: AbortSignal): Promise<void> {
    await putManifest(this.#client, tagOrDigest, manifest, signal)
  }

  deleteManifest(tagOrDigest: string, signal?: AbortSignal): Promise<void> {
    return deleteManifest(this.#client, tagOrDigest, signal)
  }

  hasBlob(blob: Descriptor, signal?: AbortSignal): Promise<boolean> {
    return hasBlob(this.#client, blob, signal)
  }

  openBlob(blob: Descriptor, range?: ReadRange, signal?: AbortSignal): Promise<BlobRead> {
    return openBlob(this.#client, blob, range, signal)
  }

  putBlob(blob: Descriptor, body: BlobBody, options?: PutOptions): Promise<void> {
    return uploadBlob(
      { client: this.#client, memory: this.#uploads.of(this.host), settings: this.#settings },
      blob,
      body,
      options,
    )
  }

  async mountBlob(_blob: Descriptor, _from: string, _signal?: AbortSignal): Promise<boolean> {
    return false
  }

  async close(): Promise<void> {}
}
