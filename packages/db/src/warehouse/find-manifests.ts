import type { Digest } from "@entrepot/core"
import { and, asc, eq, gt, inArray } from "drizzle-orm"
import { type Context, row, rows, type Work } from "../engine/engine.ts"
import { briefColumns, manifestColumns, referenceColumns, toReference, toStoredManifest } from "./stored-manifest.ts"
import type { BriefQuery, ManifestReference, ReferrerQuery, StoredManifest } from "./warehouse-store.ts"

/** WarehouseStore.manifest. */
export function* findManifest(
  { db, tables }: Context,
  repositoryId: number,
  digest: Digest,
): Work<(StoredManifest & { readonly bytes: Buffer }) | undefined> {
  const { manifests, manifestContents } = tables
  const found = yield* row(
    db
      .select({ ...manifestColumns(tables), bytes: manifestContents.bytes })
      .from(manifests)
      .innerJoin(manifestContents, eq(manifestContents.digest, manifests.digest))
      .where(and(eq(manifests.repositoryId, repositoryId), eq(manifests.digest, digest))),
  )
  return found && toStoredManifest(found)
}

/** WarehouseStore.manifestRecord. */
export function* findManifestRecord(
  { db, tables }: Context,
  repositoryId: number,
  digest: Digest,
): Work<StoredManifest | undefined> {
  const { manifests } = tables
  const own = and(eq(manifests.repositoryId, repositoryId), eq(manifests.digest, digest))
  const found = yield* row(db.select(manifestColumns(tables)).from(manifests).where(own))
  return found && toStoredManifest(found)
}

/** WarehouseStore.listManifests. */
export function* listManifests(
  { db, tables }: Context,
  repositoryId: number,
  { after, limit, longestAnnotations }: BriefQuery & { readonly after?: Digest },
): Work<readonly StoredManifest[]> {
  const { manifests } = tables
  const where = and(eq(manifests.repositoryId, repositoryId), after === undefined ? undefined : gt(manifests.digest, after))
  const found = yield* rows(
    db.select(briefColumns(tables, longestAnnotations)).from(manifests).where(where).orderBy(asc(manifests.digest)).limit(limit),
  )
  return found.map(toStoredManifest)
}

/** WarehouseStore.referrers. */
export function* findReferrers(
  { db, tables }: Context,
  repositoryId: number,
  subject: Digest,
  { after, artifactType, limit, longestAnnotations }: ReferrerQuery,
): Work<readonly StoredManifest[]> {
  const { manifests } = tables
  const where = and(
    eq(manifests.repositoryId, repositoryId),
    eq(manifests.subject, subject),
    after === undefined ? undefined : gt(manifests.digest, after),
    artifactType === undefined ? undefined : eq(manifests.artifactType, artifactType),
  )
  const found = yield* rows(
    db.select(briefColumns(tables, longestAnnotations)).from(manifests).where(where).orderBy(asc(manifests.digest)).limit(limit),
  )
  return found.map(toStoredManifest)
}

/** WarehouseStore.referencesOf. */
export function* referencesOf({ db, tables }: Context, digest: Digest): Work<readonly ManifestReference[]> {
  const { manifestReferences } = tables
  const found = yield* rows(
    db
      .select(referenceColumns(tables))
      .from(manifestReferences)
      .where(eq(manifestReferences.manifestDigest, digest))
      .orderBy(asc(manifestReferences.digest), asc(manifestReferences.kind)),
  )
  return found.map(toReference)
}

/** WarehouseStore.referenceIn. */
export function* findReference(
  { db, tables }: Context,
  repositoryId: number,
  digest: Digest,
): Work<ManifestReference | undefined> {
  const { manifests, manifestReferences } = tables
  const inRepository = and(eq(manifests.digest, manifestReferences.manifestDigest), eq(manifests.repositoryId, repositoryId))
  const found = yield* row(
    db
      .select(referenceColumns(tables))
      .from(manifestReferences)
      .innerJoin(manifests, inRepository)
      .where(and(eq(manifestReferences.digest, digest), inArray(manifestReferences.kind, ["blob", "foreign"])))
      // `blob` comes before `foreign`, as the index has them.
      .orderBy(asc(manifestReferences.kind))
      .limit(1),
  )
  return found && toReference(found)
}
