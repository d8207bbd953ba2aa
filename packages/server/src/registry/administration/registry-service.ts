import type { Repository, StoredManifest, StoredTag } from "@entrepot/db/stores"
import type { Actor } from "../../accounts/actor.ts"

/** A repository of the registry, hosted or read through upstreams. */
export interface RepositoryView extends Omit<Repository, "shared"> {
  /** What is here of it may be shown to everybody who may pull it; false: it was read with somebody's own login. */
  readonly shared: boolean
}

/** A page of things in the order of their names. `next` is `after` of the next page; null where this is the last. */
export interface RepositoryPage {
  readonly repositories: readonly RepositoryView[]
  readonly next: string | null
}

export interface TagPage {
  readonly tags: readonly StoredTag[]
  readonly next: string | null
}

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
  /** What read-through images may take; null for no limit. */
  readonly quotaBytes: number | null
}

/** What a look after the warehouse has done. */
export interface CareResult {
  readonly blobs: number
  readonly bytes: number
}

/** What a look for rotten blobs has found. */
export interface ScrubResult {
  readonly checked: number
  /** Bytes were not what the digest says, or were not there. */
  readonly wrong: number
}

/** Where the registry is, for commands that people copy. */
export interface RegistryPlace {
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
}

/**
 * What is in the registry, for people. Whoever may read projects sees public ones, their own, and those that they have a place in; administrators see
 * everything. What is not visible is not found.
 */
export interface RegistryService {
  place(actor: Actor): RegistryPlace
  repositories(actor: Actor, query: RepositoryQuery): Promise<RepositoryPage>
  tags(
    actor: Actor,
    query: { readonly repository: string; readonly after?: string | undefined; readonly limit: number },
  ): Promise<TagPage>
  manifests(
    actor: Actor,
    query: { readonly repository: string; readonly after?: string | undefined; readonly limit: number },
  ): Promise<ManifestPage>
  /** A tag alone, or a manifest with all its tags. Of a hosted repository: for those who may delete there. @throws ServiceError `not_found`, `forbidden`. */
  removeManifest(actor: Actor, repository: string, reference: string): Promise<void>
  /** With everything in it. @throws as removeManifest. */
  removeRepository(actor: Actor, repository: string): Promise<void>
  usage(actor: Actor): Promise<RegistryUsage>
  /** Removes what nothing needs any more. */
  collectGarbage(actor: Actor): Promise<CareResult>
  /**
   * Removes images that were read through upstreams, the least recently used first, until blobs take no more than so many bytes: the quota, where none is
   * named. @throws ServiceError `invalid` without both.
   */
  evict(actor: Actor, toBytes?: number): Promise<CareResult>
  /** Hashes blobs again, those first that were not for longest; what is wrong is set aside. */
  scrub(actor: Actor, most: number, signal: AbortSignal): Promise<ScrubResult>
}
