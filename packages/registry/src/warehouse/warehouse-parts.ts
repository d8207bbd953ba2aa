import type { WarehouseStore } from "@entrepot/db"
import type { KeptBlobs } from "./kept-blobs.ts"
import type { KeptManifests } from "./kept-manifests.ts"
import type { KeptRepositories } from "./kept-repositories.ts"
import type { KeptTags } from "./kept-tags.ts"
import type { Uploads } from "./uploads.ts"

/** What a repository of the warehouse is made of. */
export interface WarehouseParts {
  readonly store: WarehouseStore
  readonly repositories: KeptRepositories
  readonly manifests: KeptManifests
  readonly tags: KeptTags
  readonly kept: KeptBlobs
  readonly uploads: Uploads
}
