import type { Digest } from "@entrepot/core"
import { and, eq, inArray, lt } from "drizzle-orm"
import { type Context, run, type Work } from "../engine/engine.ts"
import { paddedBatches } from "../engine/padded-batches.ts"

/** What was used: WarehouseStore.touch. */
export interface Used {
  readonly blobs?: readonly Digest[]
  readonly manifests?: readonly { readonly repositoryId: number; readonly digest: Digest }[]
  readonly repositories?: readonly number[]
}

/** WarehouseStore.touch. No time goes back. */
export function* touch({ db, tables }: Context, used: Used, at: number): Work<void> {
  const { blobs, manifests, repositories } = tables
  for (const batch of paddedBatches(used.blobs ?? [])) {
    yield* run(
      db
        .update(blobs)
        .set({ usedAt: at })
        .where(and(inArray(blobs.digest, batch), lt(blobs.usedAt, at))),
    )
  }
  for (const [repositoryId, digests] of byRepository(used.manifests ?? [])) {
    for (const batch of paddedBatches(digests)) {
      const own = and(eq(manifests.repositoryId, repositoryId), inArray(manifests.digest, batch), lt(manifests.usedAt, at))
      yield* run(db.update(manifests).set({ usedAt: at }).where(own))
    }
  }
  for (const batch of paddedBatches(used.repositories ?? [])) {
    yield* run(
      db
        .update(repositories)
        .set({ usedAt: at })
        .where(and(inArray(repositories.id, batch), lt(repositories.usedAt, at))),
    )
  }
}

function byRepository(used: NonNullable<Used["manifests"]>): ReadonlyMap<number, readonly Digest[]> {
  const groups = new Map<number, Digest[]>()
  for (const { repositoryId, digest } of used) {
    const group = groups.get(repositoryId)
    if (group) group.push(digest)
    else groups.set(repositoryId, [digest])
  }
  return groups
}
