import { and, asc, eq, lt } from "drizzle-orm"
import { type Context, row, rows, run, type Work } from "../engine/engine.ts"
import type { UploadRecord } from "./warehouse-store.ts"

/** WarehouseStore.createUpload. */
export function createUpload({ db, tables: { uploads } }: Context, upload: UploadRecord): Work<void> {
  const { id, repositoryId, algorithm, startedAt } = upload
  return run(db.insert(uploads).values({ id, repositoryId, algorithm, startedAt }))
}

/** WarehouseStore.upload. */
export function* findUpload(
  { db, tables: { uploads } }: Context,
  repositoryId: number,
  id: string,
): Work<UploadRecord | undefined> {
  const own = and(eq(uploads.id, id), eq(uploads.repositoryId, repositoryId))
  const found = yield* row(db.select().from(uploads).where(own))
  return found && toUpload(found)
}

/** WarehouseStore.removeUpload. */
export function* removeUpload({ db, tables: { uploads } }: Context, id: string): Work<boolean> {
  const removed = yield* rows(db.delete(uploads).where(eq(uploads.id, id)).returning({ id: uploads.id }))
  return removed.length > 0
}

/** WarehouseStore.listUploads. */
export function* listUploads(
  { db, tables: { uploads } }: Context,
  startedBefore: number,
  limit: number,
): Work<readonly UploadRecord[]> {
  const before = lt(uploads.startedAt, startedBefore)
  const found = yield* rows(db.select().from(uploads).where(before).orderBy(asc(uploads.startedAt)).limit(limit))
  return found.map(toUpload)
}

function toUpload(found: Omit<UploadRecord, "algorithm"> & { readonly algorithm: string }): UploadRecord {
  return { ...found, algorithm: found.algorithm as UploadRecord["algorithm"] }
}
