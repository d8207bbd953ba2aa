import type { Digest } from "@entrepot/core"
import { and, eq, inArray, notExists, sql } from "drizzle-orm"
import { type Context, rows, run, type Work } from "../engine/engine.ts"
import { paddedBatches } from "../engine/padded-batches.ts"
import { takeTurn } from "./take-turn.ts"

/** WarehouseStore.deleteManifest. Its tags go by the tables' own key. */
export function* deleteManifest(context: Context, repositoryId: number, digest: Digest): Work<boolean> {
  yield* takeTurn(context)
  const { db, tables } = context
  const { manifests } = tables
  const removed = yield* rows(
    db
      .delete(manifests)
      .where(and(eq(manifests.repositoryId, repositoryId), eq(manifests.digest, digest)))
      .returning({ digest: manifests.digest }),
  )
  if (removed.length === 0) return false
  yield* forgetContents(context, [digest])
  return true
}

/** Forgets bytes and references of those of these manifests that no repository has. The transaction has taken its turn. */
export function* forgetContents({ db, tables }: Context, digests: readonly Digest[]): Work<void> {
  const { manifests, manifestContents, manifestReferences, blobs } = tables
  for (const batch of paddedBatches(digests)) {
    const held = yield* rows(
      db.selectDistinct({ digest: manifests.digest }).from(manifests).where(inArray(manifests.digest, batch)),
    )
    const gone = batch.filter((digest) => !held.some((each) => each.digest === digest))
    for (const removed of paddedBatches(gone)) {
      const named = yield* rows(
        db
          .selectDistinct({ digest: manifestReferences.digest })
          .from(manifestReferences)
          .where(inArray(manifestReferences.manifestDigest, removed)),
      )
      yield* run(db.delete(manifestContents).where(inArray(manifestContents.digest, removed)))
      const stillNamed = db.select({ one: sql`1` }).from(manifestReferences).where(eq(manifestReferences.digest, blobs.digest))
      for (const freed of paddedBatches(named.map(({ digest }) => digest))) {
        yield* run(
          db
            .update(blobs)
            .set({ named: false })
            .where(and(inArray(blobs.digest, freed), notExists(stillNamed))),
        )
      }
    }
  }
}
