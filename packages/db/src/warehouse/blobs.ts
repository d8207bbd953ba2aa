import type { Digest } from "@entrepot/core"
import { and, asc, eq, gt, inArray, isNull, lt, sql, sum } from "drizzle-orm"
import { type Context, row, rows, run, type Work } from "../engine/engine.ts"
import type { Tables } from "../schema/tables.ts"
import { takeTurn } from "./take-turn.ts"
import type { BlobRecord } from "./warehouse-store.ts"

/** WarehouseStore.addBlob. */
export function* addBlob(
  context: Context,
  blob: { readonly digest: Digest; readonly sizeBytes: number; readonly repositoryId?: number },
  at: number,
): Work<void> {
  yield* takeTurn(context)
  const { db, tables } = context
  const { blobs, manifestReferences } = tables
  const { digest, sizeBytes, repositoryId } = blob
  const reference = yield* row(
    db
      .select({ digest: manifestReferences.digest })
      .from(manifestReferences)
      .where(eq(manifestReferences.digest, digest))
      .limit(1),
  )
  const usedAt = sql`case when ${blobs.usedAt} < ${at} then ${at} else ${blobs.usedAt} end`
  yield* run(
    db
      .insert(blobs)
      .values({ digest, sizeBytes, named: reference !== undefined, createdAt: at, usedAt: at, verifiedAt: at })
      .onConflictDoUpdate({ target: blobs.digest, set: { usedAt, verifiedAt: at } }),
  )
  if (repositoryId !== undefined) yield* insertLink(context, repositoryId, digest, at)
}

/** WarehouseStore.blob. */
export function findBlob({ db, tables }: Context, digest: Digest): Work<BlobRecord | undefined> {
  return row(db.select(blobColumns(tables)).from(tables.blobs).where(eq(tables.blobs.digest, digest)))
}

/** WarehouseStore.listBlobs. */
export function listBlobs(
  { db, tables }: Context,
  { after, limit }: { readonly after?: Digest; readonly limit: number },
): Work<readonly BlobRecord[]> {
  const { blobs } = tables
  const where = after === undefined ? undefined : gt(blobs.digest, after)
  return rows(db.select(blobColumns(tables)).from(blobs).where(where).orderBy(asc(blobs.digest)).limit(limit))
}

/** WarehouseStore.repositoriesOf. */
export function* repositoriesOf({ db, tables }: Context, digest: Digest, limit: number): Work<readonly string[]> {
  const { blobLinks, repositories } = tables
  const found = yield* rows(
    db
      .select({ name: repositories.name })
      .from(blobLinks)
      .innerJoin(repositories, eq(repositories.id, blobLinks.repositoryId))
      .where(eq(blobLinks.digest, digest))
      .orderBy(asc(repositories.name))
      .limit(limit),
  )
  return found.map(({ name }) => name)
}

/** WarehouseStore.hostedBytes. */
export function* hostedBytes({ db, tables }: Context): Work<number> {
  const { blobLinks, repositories, blobs } = tables
  const hosted = db
    .selectDistinct({ digest: blobLinks.digest })
    .from(repositories)
    .innerJoin(blobLinks, eq(blobLinks.repositoryId, repositories.id))
    .where(isNull(repositories.registry))
    .as("hosted")
  const found = yield* row(
    db
      .select({ bytes: sum(blobs.sizeBytes) })
      .from(hosted)
      .innerJoin(blobs, eq(blobs.digest, hosted.digest)),
  )
  return Number(found?.bytes ?? 0)
}

/** WarehouseStore.setVerified. */
export function setVerified({ db, tables: { blobs } }: Context, digest: Digest, at: number): Work<void> {
  return run(db.update(blobs).set({ verifiedAt: at }).where(eq(blobs.digest, digest)))
}

/** WarehouseStore.forgetBlobs. */
export function* forgetBlobs(context: Context, digests: readonly Digest[]): Work<number> {
  // A manifest that is put at the same time finds them, or does not.
  yield* takeTurn(context)
  const { db, tables } = context
  const { blobs } = tables
  const removed = yield* rows(
    db
      .delete(blobs)
      .where(inArray(blobs.digest, [...digests]))
      .returning({ digest: blobs.digest }),
  )
  return removed.length
}

/** WarehouseStore.link. */
export function* link(context: Context, repositoryId: number, digest: Digest, at: number): Work<void> {
  const { db, tables } = context
  const { blobs } = tables
  // The blob's row first: whoever drops the blob with its links takes them in this order, too.
  yield* run(
    db
      .update(blobs)
      .set({ usedAt: at })
      .where(and(eq(blobs.digest, digest), lt(blobs.usedAt, at))),
  )
  yield* insertLink(context, repositoryId, digest, at)
}

/** WarehouseStore.linkedBlob. */
export function* findLinkedBlob(
  { db, tables }: Context,
  repositoryId: number,
  digest: Digest,
): Work<{ readonly blob: BlobRecord | undefined } | undefined> {
  const { blobs, blobLinks } = tables
  const found = yield* row(
    db
      .select({ blob: blobColumns(tables) })
      .from(blobLinks)
      .leftJoin(blobs, eq(blobs.digest, blobLinks.digest))
      .where(and(eq(blobLinks.repositoryId, repositoryId), eq(blobLinks.digest, digest))),
  )
  return found && { blob: found.blob ?? undefined }
}

/** WarehouseStore.unlink. */
export function* unlink({ db, tables: { blobLinks } }: Context, repositoryId: number, digest: Digest): Work<boolean> {
  const own = and(eq(blobLinks.repositoryId, repositoryId), eq(blobLinks.digest, digest))
  const removed = yield* rows(db.delete(blobLinks).where(own).returning({ digest: blobLinks.digest }))
  return removed.length > 0
}

/** The columns of a blob as BlobRecord has them. */
export function blobColumns({ blobs: { digest, sizeBytes, createdAt, usedAt, verifiedAt } }: Tables) {
  return { digest, sizeBytes, createdAt, usedAt, verifiedAt }
}

function insertLink({ db, tables: { blobLinks } }: Context, repositoryId: number, digest: Digest, at: number): Work<void> {
  return run(db.insert(blobLinks).values({ repositoryId, digest, createdAt: at }).onConflictDoNothing())
}
