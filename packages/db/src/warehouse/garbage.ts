import type { Digest } from "@entrepot/core"
import { and, asc, eq, isNotNull, lt, notExists, sql } from "drizzle-orm"
import { type Context, rows, run, type Work } from "../engine/engine.ts"
import { blobColumns } from "./blobs.ts"
import { takeTurn } from "./take-turn.ts"
import type { BlobRecord } from "./warehouse-store.ts"

/** WarehouseStore.unneededBlobs. By an index of those alone that no manifest names. */
export function unneededBlobs(context: Context, before: number, limit: number): Work<readonly BlobRecord[]> {
  const { db, tables } = context
  const { blobs } = tables
  return rows(
    db
      .select(blobColumns(tables))
      .from(blobs)
      .where(and(sql`not ${blobs.named}`, lt(blobs.usedAt, before)))
      .orderBy(asc(blobs.usedAt))
      .limit(limit),
  )
}

/** WarehouseStore.dropUnneededBlob. Goes by the references themselves, whatever is noted at the blob. */
export function* dropUnneededBlob(context: Context, digest: Digest, before: number): Work<boolean> {
  yield* takeTurn(context)
  const { db, tables } = context
  const { blobs, blobLinks, manifestReferences } = tables
  const named = db.select({ one: sql`1` }).from(manifestReferences).where(eq(manifestReferences.digest, blobs.digest))
  const dropped = yield* rows(
    db
      .delete(blobs)
      .where(and(eq(blobs.digest, digest), lt(blobs.usedAt, before), notExists(named)))
      .returning({ digest: blobs.digest }),
  )
  if (dropped.length === 0) return false
  yield* run(db.delete(blobLinks).where(eq(blobLinks.digest, digest)))
  return true
}

/** WarehouseStore.evictable. Read off the index of last uses. */
export function evictable(
  { db, tables }: Context,
  limit: number,
): Work<readonly { readonly repositoryId: number; readonly digest: Digest; readonly usedAt: number }[]> {
  const { manifests, manifestReferences, repositories } = tables
  const { repositoryId, digest, usedAt } = manifests
  const parent = sql`exists (
    select 1 from ${manifestReferences} named join ${manifests} parent
      on parent.digest = named.manifest_digest and parent.repository_id = ${repositoryId}
    where named.digest = ${digest} and named.kind = 'manifest'
  )`
  return rows(
    db
      .select({ repositoryId, digest, usedAt })
      .from(manifests)
      .innerJoin(repositories, eq(repositories.id, repositoryId))
      .where(and(isNotNull(repositories.registry), sql`not ${parent}`))
      .orderBy(asc(usedAt))
      .limit(limit),
  )
}
