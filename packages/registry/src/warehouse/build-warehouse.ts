import type { WarehouseStore } from "@entrepot/db/stores"
import type { BlobStore } from "../blobs/blob-store.ts"
import { KeptBlobs } from "./kept-blobs.ts"
import { KeptManifests } from "./kept-manifests.ts"
import { KeptRepositories } from "./kept-repositories.ts"
import { KeptTags } from "./kept-tags.ts"
import { Leases } from "./leases.ts"
import type { CareObserver } from "./maintenance/care-observer.ts"
import { Touches } from "./touches.ts"
import { Uploads } from "./uploads.ts"
import type { WarehouseLog } from "./warehouse-log.ts"

export interface WarehouseOptions {
  readonly stores: { readonly warehouse: WarehouseStore }
  readonly blobs: BlobStore
  readonly log: WarehouseLog
  /** Milliseconds since 1970. Default: the system's. */
  readonly now?: () => number
  /** Bytes that blobs may take before images of proxied repositories are evicted. Undefined: no limit. */
  readonly quotaBytes?: number | undefined
  /** Watches evictions for the quota and for want of room. */
  readonly observer?: CareObserver | undefined
  /** How long what no manifest names is left alone. Default 2 hours. */
  readonly graceMs?: number
  /** How old an upload session gets. Default 24 hours. */
  readonly uploadAgeMs?: number
  /** How long what the database said is believed, since other processes change it too. Default 5 s; tags 2 s at most. */
  readonly memoMs?: number
  /** Memory for manifests. Default 32 MiB. */
  readonly memoBytes?: number
  /** How often it is written down what was used. Default 5 s. */
  readonly touchEveryMs?: number
  /** How long an upload's file stays open between its requests. Default 60 s; 0 where another process may get the next request. */
  readonly uploadIdleMs?: number
  /** Blobs are not hashed again when they are first read after a restart (RELIABILITY fault 45). Default false. */
  readonly isTrusting?: boolean
}

/** What a warehouse, its repositories and its maintenance are made of. */
export interface WarehouseParts {
  readonly store: WarehouseStore
  readonly files: BlobStore
  readonly repositories: KeptRepositories
  readonly manifests: KeptManifests
  readonly tags: KeptTags
  readonly blobs: KeptBlobs
  readonly uploads: Uploads
  readonly leases: Leases
  readonly touches: Touches
  readonly log: WarehouseLog
  readonly graceMs: number
  readonly uploadAgeMs: number
  now(): number
}

/** Puts the parts of a warehouse together. */
export function buildWarehouse(
  options: WarehouseOptions,
  told: {
    /** Frees bytes of a full disk. False: nothing could be freed. */
    readonly makeRoom: (bytes: number) => Promise<boolean>
    /** A pushed blob was stored. */
    readonly stored: (sizeBytes: number) => void
  },
): WarehouseParts {
  const { blobs: files, log, now = Date.now, graceMs = 2 * 3_600_000, uploadAgeMs = 24 * 3_600_000, memoMs = 5000 } = options
  const { memoBytes = 32 * 1024 * 1024, touchEveryMs = 5000, uploadIdleMs = 60_000, isTrusting = false } = options
  const store = options.stores.warehouse
  const leases = new Leases()
  const touches = new Touches({ store, log, now, everyMs: touchEveryMs })
  const blobs = new KeptBlobs({ store, files, log, now, memoMs, graceMs, leases, touches, isTrusting })
  return {
    store,
    files,
    blobs,
    leases,
    touches,
    log,
    now,
    graceMs,
    uploadAgeMs,
    repositories: new KeptRepositories({ store, now, memoMs }),
    manifests: new KeptManifests({ store, now, memoMs, memoBytes, touches, blobs }),
    tags: new KeptTags({ store, now, memoMs: Math.min(memoMs, 2000) }),
    uploads: new Uploads({ store, files, blobs, now, leases, idleMs: uploadIdleMs, ...told }),
  }
}
