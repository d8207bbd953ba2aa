import type { Descriptor } from "../../content/descriptor.ts"
import type { Digest } from "../../content/digest.ts"
import type {
  BlobBody,
  BlobRead,
  CanDelete,
  CanMount,
  CanRange,
  HasReferrers,
  HasTags,
  PutOptions,
  RawManifest,
  ReadRange,
  SourceStore,
  TargetStore,
} from "../../content/store.ts"
import { hasBlob, openBlob } from "./blobs.ts"
import { deleteManifest, getManifest, putManifest, resolveManifest } from "./manifests.ts"
import { mountBlob } from "./mount.ts"
import { outlasting } from "./outlasting.ts"
import { addToReferrersTag, listReferrers, referrerOf } from "./referrers.ts"
import { type RepositoryAddress, RepositoryClient } from "./repository-client.ts"
import { listTags } from "./tags.ts"
import { uploadBlob } from "./upload.ts"
import { UploadMemories } from "./upload-budget.ts"
import { UploadRequests, type UploadSession } from "./upload-session.ts"
import { defaultUploadSettings, type UploadSettings } from "./upload-settings.ts"

export interface RemoteOptions extends RepositoryAddress {
  /** How a person would write it; default `host/repository`. */
  readonly display?: string | undefined
  /** What hosts have taught about uploads: hand the same to all remotes of a process. Default: this store's own. */
  readonly uploads?: UploadMemories | undefined
  readonly upload?: Partial<UploadSettings> | undefined
}

/** One repository of a registry reached over HTTP: either end of a transfer, with every optional ability. */
export type RemoteStore = SourceStore & TargetStore & CanMount & CanRange & HasReferrers & HasTags & CanDelete

/** Opens a repository; nothing is sent before something is asked. */
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
  /** Sessions that refused mounts left behind, for the upload that follows. */
  readonly #begun = new Map<Digest, UploadSession>()
  #referrersTags: Promise<void> = Promise.resolve()

  constructor(options: RemoteOptions) {
    this.#client = new RepositoryClient(options)
    this.host = options.host
    this.repository = options.repository
    this.display = options.display ?? `${options.host}/${options.repository}`
    this.#uploads = options.uploads ?? new UploadMemories()
    this.#settings = {
      ...defaultUploadSettings,
      ...(options.http.limits === undefined ? {} : { maxWaitMs: options.http.limits.maxWaitMs }),
      ...options.upload,
    }
  }

  resolve(tagOrDigest: string, signal?: AbortSignal): Promise<Descriptor | undefined> {
    return resolveManifest(this.#client, tagOrDigest, signal)
  }

  getManifest(tagOrDigest: string, signal?: AbortSignal): Promise<RawManifest> {
    return getManifest(this.#client, tagOrDigest, signal)
  }

  async putManifest(tagOrDigest: string, manifest: RawManifest, signal?: AbortSignal): Promise<void> {
    const { subjectListed } = await putManifest(this.#client, tagOrDigest, manifest, signal)
    const entry = subjectListed ? undefined : referrerOf(manifest)
    if (entry === undefined) return
    const add = () => addToReferrersTag(this.#client, entry.subject, entry.referrer, signal)
    // one after the other: each reads what the one before wrote
    const added = this.#referrersTags.then(add, add)
    this.#referrersTags = added.catch(() => undefined)
    await added
  }

  deleteManifest(tagOrDigest: string, signal?: AbortSignal): Promise<void> {
    return deleteManifest(this.#client, tagOrDigest, signal)
  }

  async hasBlob(blob: Descriptor, signal?: AbortSignal): Promise<boolean> {
    const startedAt = performance.now()
    const there = await hasBlob(this.#client, blob, signal)
    this.#uploads.of(this.host).noteRoundTrip(performance.now() - startedAt)
    return there
  }

  openBlob(blob: Descriptor, range?: ReadRange, signal?: AbortSignal): Promise<BlobRead> {
    return openBlob(this.#client, blob, range, signal)
  }

  async putBlob(blob: Descriptor, body: BlobBody, options?: PutOptions): Promise<void> {
    const begun = this.#begun.get(blob.digest)
    this.#begun.delete(blob.digest)
    const memory = this.#uploads.of(this.host)
    await uploadBlob({ client: this.#client, memory, settings: this.#settings, begun }, blob, body, options)
  }

  async mountBlob(blob: Descriptor, from: string, signal?: AbortSignal): Promise<boolean> {
    const refused = await outlasting(signal, this.#settings.cancelTimeoutMs, (lasting) =>
      mountBlob(this.#client, blob, from, lasting),
    )
    if (refused === "mounted") return true
    if (refused !== undefined) {
      const before = this.#begun.get(blob.digest)
      this.#begun.set(blob.digest, refused)
      if (before) await this.#cancel(blob.digest, before)
    }
    return false
  }

  listTags(signal?: AbortSignal): Promise<readonly string[] | undefined> {
    return listTags(this.#client, signal)
  }

  listReferrers(subject: Digest, artifactType?: string, signal?: AbortSignal): Promise<readonly Descriptor[]> {
    return listReferrers(this.#client, subject, artifactType, signal)
  }

  async close(): Promise<void> {
    const begun = [...this.#begun]
    this.#begun.clear()
    await Promise.all(begun.map(([digest, session]) => this.#cancel(digest, session)))
  }

  #cancel(digest: Digest, session: UploadSession): Promise<void> {
    return new UploadRequests(this.#client, { digest }).cancel(session, this.#settings.cancelTimeoutMs)
  }
}
