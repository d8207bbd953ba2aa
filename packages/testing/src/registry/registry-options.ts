import type { TestImage } from "../images/image.ts"

/** Names and passwords. */
export type Users = Readonly<Record<string, string>>

export interface BasicAuth {
  readonly basic: Users
  /** Reading needs no name. */
  readonly anonymousPull?: boolean
}

export interface TokenAuth {
  readonly token: Users
  readonly anonymousPull?: boolean
  /** What the token server says (seconds); 300 unless told, left out of the answer when null. */
  readonly expiresIn?: number | null
  /** How long a token really holds. */
  readonly validForMs?: number
  /** Realm in the challenge, where it is not our own token server. */
  readonly realm?: string
  /** The token server listens on a port of its own. */
  readonly otherPort?: boolean
  /** Status with which the token server answers a POST, where it does not know the OAuth2 form. */
  readonly refusePost?: 404 | 405
  readonly service?: string
  /** Actions a user (undefined: anonymous) is given of those asked for; all unless told. */
  readonly grant?: (user: string | undefined, repository: string, actions: readonly string[]) => readonly string[]
}

/** Ways in which registries out there differ. All off unless set. */
export interface Quirks {
  /** PATCH answers 405. */
  readonly noPatch?: boolean
  /** False: a single POST with a digest is answered 202, its body ignored. */
  readonly singlePost?: boolean
  /** Neither a referrers API nor OCI-Subject. */
  readonly noReferrers?: boolean
  /** The registry does not filter referrers by artifact type. */
  readonly noReferrersFilter?: boolean
  readonly mountAlways202?: boolean
  readonly dropDigestHeader?: boolean
  readonly ignoreRange?: boolean
  /** `bytes=5-` answers 416. */
  readonly refuseOpenRange?: boolean
  /**
   * An upload is found only by a Location that names its true offset: after a chunk that broke there is none, and status and PATCH answer
   * 404 BLOB_UPLOAD_INVALID. Witness: distribution 2.8.2 ("upload resumed at wrong offset").
   */
  readonly refuseResume?: boolean
  /** Sent as OCI-Chunk-Min-Length, and held to: only the last chunk may be shorter. */
  readonly chunkMinLength?: number
  /** Locations name scheme and host. */
  readonly absoluteLocations?: boolean
  /** Docker Hub's counting of manifest GETs: then 429. */
  readonly rateLimit?: { readonly limit: number; readonly windowSeconds: number; readonly retryAfter?: string }
  /** An index may name manifests that are not here. */
  readonly sparseIndexes?: boolean
  readonly manifestLimitBytes?: number
}

export interface TestRegistryOptions {
  /** By `repository:tag`, or `repository` alone for images without a tag. */
  readonly images?: Readonly<Record<string, TestImage>>
  readonly auth?: "none" | BasicAuth | TokenAuth
  readonly tls?: { readonly key: string; readonly cert: string; readonly clientCa?: string }
  /** Blobs are read from another origin, with signed URLs that hold `signedForMs` (a minute unless told). */
  readonly redirectBlobs?: boolean | { readonly signedForMs?: number; readonly status?: 301 | 302 | 303 | 307 | 308 }
  readonly quirks?: Quirks
  readonly port?: number
}
