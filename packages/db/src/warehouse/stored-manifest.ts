import { sql } from "drizzle-orm"
import type { Tables } from "../schema/tables.ts"
import type { ManifestReference, StoredManifest } from "./warehouse-store.ts"

/** The columns of a manifest as StoredManifest has them. */
export function manifestColumns({ manifests }: Tables) {
  const { digest, mediaType, sizeBytes, artifactType, subject, annotations, createdAt, usedAt } = manifests
  return { digest, mediaType, sizeBytes, artifactType, subject, annotations, createdAt, usedAt }
}

/** The same for lists: annotations that are longer, in characters of JSON, are left out. They are anybody's to write, and may be as long as a manifest (S9). */
export function briefColumns(tables: Tables, longestAnnotations: number) {
  const { annotations } = tables.manifests
  const brief = sql<string | null>`case when length(${annotations}) <= ${longestAnnotations} then ${annotations} end`
  return { ...manifestColumns(tables), annotations: brief }
}

/** A row of these columns as the manifest that it stands for. */
export function toStoredManifest<T extends Omit<Tables["manifests"]["$inferSelect"], "repositoryId">>(found: T) {
  const annotations = found.annotations === null ? null : (JSON.parse(found.annotations) as StoredManifest["annotations"])
  return { ...found, annotations }
}

/** The columns of a reference as ManifestReference has them. */
export function referenceColumns({ manifestReferences }: Tables) {
  const { digest, kind, sizeBytes } = manifestReferences
  return { digest, kind, sizeBytes }
}

/** A row of these columns as the reference that it stands for. */
export function toReference({ kind, ...found }: Omit<ManifestReference, "kind"> & { readonly kind: string }): ManifestReference {
  return { ...found, kind: kind as ManifestReference["kind"] }
}
