import type { Digest } from "@entrepot/core"
import { and, asc, eq, gt, lt, sql } from "drizzle-orm"
import { type Context, row, rows, run, type Work } from "../engine/engine.ts"
import type { Tables } from "../schema/tables.ts"
import { findManifestRecord } from "./find-manifests.ts"
import { takeTurn } from "./take-turn.ts"
import type { PageQuery, StoredTag } from "./warehouse-store.ts"

/** WarehouseStore.tag. */
export function findTag({ db, tables }: Context, repositoryId: number, name: string): Work<StoredTag | undefined> {
  return row(
    db
      .select(tagColumns(tables))
      .from(tables.tags)
      .where(ownTag(tables, repositoryId, name)),
  )
}

/** WarehouseStore.setTag. */
export function* setTag(
  context: Context,
  tag: { readonly repositoryId: number; readonly name: string; readonly digest: Digest },
  at: number,
): Work<boolean> {
  yield* takeTurn(context)
  if (!(yield* findManifestRecord(context, tag.repositoryId, tag.digest))) return false
  yield* pointTag(context, tag, at)
  return true
}

/** Points a tag at a manifest that is there. Its `updatedAt` is when it came to point at what it points at. */
export function* pointTag(
  { db, tables: { tags } }: Context,
  tag: { readonly repositoryId: number; readonly name: string; readonly digest: Digest },
  at: number,
): Work<void> {
  const updatedAt = sql`case when ${tags.digest} = excluded.digest then ${tags.updatedAt} else excluded.updated_at end`
  yield* run(
    db
      .insert(tags)
      .values({ ...tag, checkedAt: at, updatedAt: at })
      .onConflictDoUpdate({
        target: [tags.repositoryId, tags.name],
        set: { digest: tag.digest, checkedAt: at, updatedAt },
      }),
  )
}

/** WarehouseStore.touchTag. */
export function touchTag({ db, tables }: Context, repositoryId: number, name: string, at: number): Work<void> {
  const { tags } = tables
  const where = and(ownTag(tables, repositoryId, name), lt(tags.checkedAt, at))
  return run(db.update(tags).set({ checkedAt: at }).where(where))
}

/** WarehouseStore.deleteTag. */
export function* deleteTag({ db, tables }: Context, repositoryId: number, name: string): Work<boolean> {
  const { tags } = tables
  const removed = yield* rows(
    db
      .delete(tags)
      .where(ownTag(tables, repositoryId, name))
      .returning({ name: tags.name }),
  )
  return removed.length > 0
}

/** WarehouseStore.listTags. */
export function listTags({ db, tables }: Context, repositoryId: number, { after, limit }: PageQuery): Work<readonly StoredTag[]> {
  const { tags } = tables
  const where = and(eq(tags.repositoryId, repositoryId), after === undefined ? undefined : gt(tags.name, after))
  return rows(db.select(tagColumns(tables)).from(tags).where(where).orderBy(asc(tags.name)).limit(limit))
}

/** WarehouseStore.tagsOf. */
export function tagsOf({ db, tables }: Context, repositoryId: number, digest: Digest, limit: number): Work<readonly StoredTag[]> {
  const { tags } = tables
  const where = and(eq(tags.repositoryId, repositoryId), eq(tags.digest, digest))
  return rows(db.select(tagColumns(tables)).from(tags).where(where).orderBy(asc(tags.name)).limit(limit))
}

function tagColumns({ tags: { name, digest, checkedAt, updatedAt } }: Tables) {
  return { name, digest, checkedAt, updatedAt }
}

function ownTag({ tags }: Tables, repositoryId: number, name: string) {
  return and(eq(tags.repositoryId, repositoryId), eq(tags.name, name))
}
