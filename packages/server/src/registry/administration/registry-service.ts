import type { Digest } from "@entrepot/core"
import type { CareRun, Repository, StoredManifest, StoredTag } from "@entrepot/db/stores"
import type { Actor } from "../../accounts/actor.ts"

/** A repository of the registry, hosted or read through upstreams. */
export interface RepositoryView extends Omit<Repository, "shared"> {
  /** What is here of it may be shown to everybody who may pull it; false: it was read with somebody's own login. */
  readonly shared: boolean
  readonly tags: number
  readonly manifests: number
  /** Its manifests, and the blobs of them whose bytes are here. */
  readonly bytes: number
}

/** Where an image runs: as in its index, or in its configuration. */
export interface ImagePlatform {
  /** `linux/arm64/v8`; `unknown` where nothing says it. */
  readonly platform: string
  readonly digest: Digest
  /** Manifest, configuration and layers; null where the manifest is not here. */
  readonly bytes: number | null
  readonly layers: readonly ImageLayer[] | null
}

/** A layer of an image, or a blob of another artifact. */
export interface ImageLayer {
  readonly digest: Digest
  readonly mediaType: string
  readonly sizeBytes: number
  /** Its bytes are here; false: they were not asked for yet, or were evicted. */
  readonly isHere: boolean
}

/** What refers to an image: a signature, an SBOM. */
export interface ImageReferrer {
  readonly digest: Digest
  readonly artifactType: string | null
  readonly sizeBytes: number
  readonly annotations: Readonly<Record<string, string>> | null
}

/** One manifest of a repository, with what it is made of. */
export interface ImageView {
  readonly repository: string
  readonly digest: Digest
  readonly mediaType: string
  readonly artifactType: string | null
  readonly createdAt: number
  readonly usedAt: number
  /** Tags that point at it, 1,000 at most. */
  readonly tags: readonly string[]
  /** Null where there are none, or more than 16 KiB of them; those of a referrer and in lists, too. */
  readonly annotations: Readonly<Record<string, string>> | null
  /** Of an index every child that is an image; of an image itself. Empty for other artifacts. */
  readonly platforms: readonly ImagePlatform[]
  /** Layers of what is no image; null for images. */
  readonly layers: readonly ImageLayer[] | null
  readonly referrers: readonly ImageReferrer[]
  /** Whether the caller may remove it. */
  readonly removable: boolean
}

/** A look after the warehouse that was asked for, or that the registry took by itself. */
export interface CareView extends Omit<CareRun, "findings"> {
  /** Goes on in a process that lives. */
  readonly isRunning: boolean
  /**
   * Numbers by name. `garbage`: `blobs` and `bytes` removed, `uploads` ended, `strays` (files that no row knew of). `evict`: `images`, `blobs`, `bytes`.
   * `scrub`: `checked` of `blobs`, and their `bytes`; `wrong`, whose bytes had changed; `missing`, whose files were gone.
   */
  readonly findings: Readonly<Record<string, number>>
  /** Of a scrub: what was wrong or missing, at most 100, and the repositories that have it, at most 20 each. */
  readonly wrong: readonly { readonly digest: Digest; readonly repositories: readonly string[] }[]
}

/** A page of things in the order of their names. `next` is `after` of the next page; null where this is the last. */
export interface RepositoryPage {
  readonly repositories: readonly RepositoryView[]
  readonly next: string | null
}

/** Tags in the order of their names; `next` is the `after` of the page behind it. */
export interface TagPage {
  readonly tags: readonly StoredTag[]
  readonly next: string | null
}

/** Manifests in the order of their digests. */
export interface ManifestPage {
  readonly manifests: readonly StoredManifest[]
  readonly next: string | null
}

/** What the registry keeps in all. */
export interface RegistryUsage {
  readonly blobs: number
  readonly bytes: number
  readonly repositories: number
  readonly manifests: number
  /** Of `bytes`, what hosted images need: eviction leaves it alone. The rest was read through upstreams, or is needed by nothing. */
  readonly hostedBytes: number
  /** What blobs may take before images that were read through go; null for no limit. */
  readonly quotaBytes: number | null
  /** What is free on the disk that blobs are on; null where the system does not say. */
  readonly freeBytes: number | null
}

/** What looks after the warehouse are for. */
export type CareRequest =
  | { readonly kind: "garbage" | "scrub" }
  | { readonly kind: "evict"; readonly toBytes?: number | undefined }

/** Where the registry is, for commands that people copy. */
export interface RegistryPlace {
  /** With its scheme, as clients are told of it: `https://mirror.example.com`. A page that is open at another address may know better. */
  readonly origin: string
  /** Registries that are read through, by name. */
  readonly registries: readonly string[]
  /** The one that names without a registry belong to: `docker.io`. */
  readonly defaultRegistry: string
  /** As references name it: `mirror.example.com`, `localhost:8080`. */
  readonly host: string
  /** The project that images go to which name no target. */
  readonly project: string
  /** Whether anybody may pull what is read through upstreams. */
  readonly open: boolean
}

export interface RepositoryQuery {
  readonly after?: string | undefined
  readonly limit: number
  /** Those hosted in this project. */
  readonly project?: string | undefined
  /** Those read from this registry. */
  readonly registry?: string | undefined
  /** Those whose name has this in it. */
  readonly search?: string | undefined
}

/**
 * What is in the registry, for people. Whoever may read projects sees public ones, their own, and those that they have a place in; administrators see
 * everything. What is not visible is not found.
 */
export interface RegistryService {
  place(actor: Actor): RegistryPlace
  repositories(actor: Actor, query: RepositoryQuery): Promise<RepositoryPage>
  /** `search`: those whose name has this in it. */
  tags(
    actor: Actor,
    query: {
      readonly repository: string
      readonly after?: string | undefined
      readonly limit: number
      readonly search?: string | undefined
    },
  ): Promise<TagPage>
  manifests(
    actor: Actor,
    query: { readonly repository: string; readonly after?: string | undefined; readonly limit: number },
  ): Promise<ManifestPage>
  /** By tag or digest. @throws ServiceError `not_found`. */
  image(actor: Actor, repository: string, reference: string): Promise<ImageView>
  /** A tag alone, or a manifest with all its tags. Of a hosted repository: for those who may delete there. @throws ServiceError `not_found`, `forbidden`. */
  removeManifest(actor: Actor, repository: string, reference: string): Promise<void>
  /** With everything in it. @throws as removeManifest. */
  removeRepository(actor: Actor, repository: string): Promise<void>
  usage(actor: Actor): Promise<RegistryUsage>
  /** What was lately done for the warehouse, the newest first. */
  care(actor: Actor): Promise<readonly CareView[]>
  /**
   * Begins to remove what nothing needs (`garbage`), to evict images that were read through, least recently used first, until blobs take no more than
   * so many bytes or the quota (`evict`), or to hash every blob again (`scrub`), and does not wait for its end.
   * @throws ServiceError `conflict` while one of its kind is under way; `invalid` for an eviction without size where there is no quota.
   */
  startCare(actor: Actor, care: CareRequest): Promise<CareView>
  /** Ends one that goes on in this process; what it found so far stays. @throws ServiceError `not_found`. */
  stopCare(actor: Actor, id: number): Promise<CareView>
}
