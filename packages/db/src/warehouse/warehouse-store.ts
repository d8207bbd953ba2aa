import type { Digest } from "@entrepot/core"

/** A repository of the warehouse. Times here and below: milliseconds since 1970. */
export interface Repository {
  readonly id: number
  /** Full name, unique: `team/app`, `docker.io/library/nginx`. */
  readonly name: string
  /** Project that it is hosted in; null for one that is read through upstreams. */
  readonly projectId: number | null
  /** Registry that it is read from (`docker.io`); null for a hosted one. */
  readonly registry: string | null
  /** What is here of a proxied repository was answered to a request without a client's own credentials (RELIABILITY section 3). */
  readonly shared: boolean
  readonly createdAt: number
  /** When something of it was last pulled. */
  readonly usedAt: number
}

/** A manifest in a repository. */
export interface StoredManifest {
  readonly digest: Digest
  readonly mediaType: string
  readonly sizeBytes: number
  readonly artifactType: string | null
  readonly subject: Digest | null
  /** For listings of referrers. */
  readonly annotations: Readonly<Record<string, string>> | null
  readonly createdAt: number
  readonly usedAt: number
}

/** Manifests as lists show them. */
export interface BriefQuery {
  readonly limit: number
  /** Annotations whose JSON has more characters are null. */
  readonly longestAnnotations: number
}

/** Which referrers. */
export interface ReferrerQuery extends BriefQuery {
  readonly after?: Digest | undefined
  readonly artifactType?: string | undefined
}

/** What a manifest names. */
export interface ManifestReference {
  readonly digest: Digest
  /** `blob`: has to be here when it is pushed; `manifest`: so too; `foreign`: a layer that may be elsewhere. The subject is none of them. */
  readonly kind: "blob" | "manifest" | "foreign"
  readonly sizeBytes: number
}

export interface StoredTag {
  readonly name: string
  readonly digest: Digest
  /** When an upstream last said so; for a hosted tag, when it was set. */
  readonly checkedAt: number
  /** When it came to point at what it points at. */
  readonly updatedAt: number
}

/** A blob whose bytes are in the blob store. */
export interface BlobRecord {
  readonly digest: Digest
  readonly sizeBytes: number
  readonly createdAt: number
  readonly usedAt: number
  /** When its bytes were last hashed. */
  readonly verifiedAt: number
}

/** An upload session; its bytes are the partial blob of that name. */
export interface UploadRecord {
  readonly id: string
  readonly repositoryId: number
  readonly algorithm: "sha256" | "sha512"
  readonly startedAt: number
}

export interface PutManifest {
  readonly repositoryId: number
  readonly manifest: Omit<StoredManifest, "createdAt" | "usedAt">
  readonly bytes: Uint8Array
  readonly references: readonly ManifestReference[]
  readonly tag?: string | undefined
  /**
   * Refused when a `blob` is not linked in this repository or its bytes are not here, or a `manifest` is not in this repository; `foreign` is not
   * looked at. False for manifests that are read through.
   */
  readonly complete: boolean
}

export interface PageQuery {
  /** Names after this one, in the order of their bytes. */
  readonly after?: string | undefined
  readonly limit: number
}

/** What of a repository is here. */
export interface RepositorySize {
  readonly repositoryId: number
  readonly tags: number
  readonly manifests: number
  /** Its manifests, and every blob that they name, that it has a right to and whose bytes are here, once. */
  readonly bytes: number
}

/** Names, links and manifests of the warehouse; the blobs' bytes are elsewhere. Every method is one transaction. */
export interface WarehouseStore {
  repository(name: string): Promise<Repository | undefined>
  /** The one of that name, made where there is none. `projectId` and `registry` of one that is there are left alone. */
  ensureRepository(repository: Pick<Repository, "name" | "projectId" | "registry">, at: number): Promise<Repository>
  listRepositories(
    query: PageQuery & { readonly projectId?: number | undefined; readonly registry?: string | undefined },
  ): Promise<readonly Repository[]>
  /** In no order; nothing for one that is not there. As many at once as 100. */
  sizes(repositoryIds: readonly number[]): Promise<readonly RepositorySize[]>
  /** With its manifests, tags, links and upload records. Blobs stay until nothing needs them. */
  removeRepository(id: number): Promise<boolean>
  setShared(id: number, shared: boolean): Promise<void>

  /**
   * Stores bytes, row, references, tag: all or, where something is missing, nothing. Blobs that it names count as used now, so that a collection at
   * the same time leaves them. It links none: who may read a blob that is not linked yet is what `referenceIn` answers. One that is there already keeps
   * its time of creation, and a tag that stays where it is its `updatedAt`. @throws where the repository is gone.
   */
  putManifest(put: PutManifest, at: number): Promise<{ readonly missing: readonly ManifestReference[] }>
  manifest(repositoryId: number, digest: Digest): Promise<(StoredManifest & { readonly bytes: Buffer }) | undefined>
  /** Without its bytes. */
  manifestRecord(repositoryId: number, digest: Digest): Promise<StoredManifest | undefined>
  listManifests(repositoryId: number, query: BriefQuery & { readonly after?: Digest }): Promise<readonly StoredManifest[]>
  /** By digest; each kind of one digest once. Empty where no repository has the manifest. */
  referencesOf(digest: Digest): Promise<readonly ManifestReference[]>
  /** With all tags that point at it. Its bytes go when no repository has it. */
  deleteManifest(repositoryId: number, digest: Digest): Promise<boolean>
  /** In the order of their digests. */
  referrers(repositoryId: number, subject: Digest, query: ReferrerQuery): Promise<readonly StoredManifest[]>

  tag(repositoryId: number, name: string): Promise<StoredTag | undefined>
  /** Points a tag at a manifest of the repository. False, and nothing done, where that is not here. */
  setTag(repositoryId: number, name: string, digest: Digest, at: number): Promise<boolean>
  /** An upstream has confirmed the tag. */
  touchTag(repositoryId: number, name: string, at: number): Promise<void>
  deleteTag(repositoryId: number, name: string): Promise<boolean>
  listTags(repositoryId: number, query: PageQuery): Promise<readonly StoredTag[]>
  /** By name. */
  tagsOf(repositoryId: number, digest: Digest, limit: number): Promise<readonly StoredTag[]>

  /** The bytes are in the blob store: from now on they count, and `repositoryId` may read them. */
  addBlob(
    blob: { readonly digest: Digest; readonly sizeBytes: number; readonly repositoryId?: number },
    at: number,
  ): Promise<void>
  blob(digest: Digest): Promise<BlobRecord | undefined>
  /** A right: this repository's readers may read the blob, whether its bytes are here or were evicted. */
  link(repositoryId: number, digest: Digest, at: number): Promise<void>
  /** Undefined: no right. `blob` is undefined where the bytes are not here. */
  linkedBlob(repositoryId: number, digest: Digest): Promise<{ readonly blob: BlobRecord | undefined } | undefined>
  unlink(repositoryId: number, digest: Digest): Promise<boolean>
  /** A manifest of this repository names the blob: size and kind (`blob` or `foreign`), as the manifest says. */
  referenceIn(repositoryId: number, digest: Digest): Promise<ManifestReference | undefined>
  /** Used now; called in batches. No time goes back. */
  touch(
    used: {
      readonly blobs?: readonly Digest[]
      readonly manifests?: readonly { repositoryId: number; digest: Digest }[]
      readonly repositories?: readonly number[]
    },
    at: number,
  ): Promise<void>
  setVerified(digest: Digest, at: number): Promise<void>
  /** Names of repositories that have a right to the blob, in their order, at most `limit`. */
  repositoriesOf(digest: Digest, limit: number): Promise<readonly string[]>
  /** The bytes are gone or wrong; links stay. */
  forgetBlob(digest: Digest): Promise<boolean>
  /** As many at once as 500. Returns how many there were. */
  forgetBlobs(digests: readonly Digest[]): Promise<number>
  listBlobs(query: { readonly after?: Digest; readonly limit: number }): Promise<readonly BlobRecord[]>
  /** Bytes of the blobs that some hosted repository has a right to, each once: what no eviction takes. */
  hostedBytes(): Promise<number>
  usage(): Promise<{ readonly blobs: number; readonly bytes: number; readonly repositories: number; readonly manifests: number }>

  /** Blobs that no manifest of any repository names, and that nothing has touched, linked or put since `before`, the oldest first (fault 44). */
  unneededBlobs(before: number, limit: number): Promise<readonly BlobRecord[]>
  /** Forgets such a blob with its links, if it is still not needed: true. */
  dropUnneededBlob(digest: Digest, before: number): Promise<boolean>
  /** Images of proxied repositories (manifests that no other manifest there names), the least recently used first: what eviction takes whole. */
  evictable(
    limit: number,
  ): Promise<readonly { readonly repositoryId: number; readonly digest: Digest; readonly usedAt: number }[]>

  createUpload(upload: UploadRecord): Promise<void>
  upload(repositoryId: number, id: string): Promise<UploadRecord | undefined>
  removeUpload(id: string): Promise<boolean>
  listUploads(startedBefore: number, limit: number): Promise<readonly UploadRecord[]>
}
