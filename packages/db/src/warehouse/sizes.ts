import { count, inArray, sql, sum } from "drizzle-orm"
import { type Context, rows, type Work } from "../engine/engine.ts"
import { paddedBatches } from "../engine/padded-batches.ts"
import type { RepositorySize } from "./warehouse-store.ts"

/** WarehouseStore.sizes. */
export function* sizesOf(context: Context, repositoryIds: readonly number[]): Work<readonly RepositorySize[]> {
  const sizes: RepositorySize[] = []
  for (const batch of paddedBatches(repositoryIds)) sizes.push(...(yield* sizesOfBatch(context, batch)))
  return sizes
}

function* sizesOfBatch({ db, tables }: Context, ids: readonly number[]): Work<readonly RepositorySize[]> {
  const { repositories, tags, manifests, manifestReferences, blobs } = tables
  const there = yield* rows(
    db
      .select({ id: repositories.id })
      .from(repositories)
      .where(inArray(repositories.id, [...ids])),
  )
  const tagCounts = yield* rows(
    db
      .select({ id: tags.repositoryId, count: count() })
      .from(tags)
      .where(inArray(tags.repositoryId, [...ids]))
      .groupBy(tags.repositoryId),
  )
  const manifestCounts = yield* rows(
    db
      .select({ id: manifests.repositoryId, count: count(), bytes: sum(manifests.sizeBytes).mapWith(Number) })
      .from(manifests)
      .where(inArray(manifests.repositoryId, [...ids]))
      .groupBy(manifests.repositoryId),
  )
  const named = db
    .selectDistinct({ id: manifests.repositoryId, digest: manifestReferences.digest })
    .from(manifests)
    .innerJoin(manifestReferences, sql`${manifestReferences.manifestDigest} = ${manifests.digest}`)
    .where(inArray(manifests.repositoryId, [...ids]))
    .as("named")
  const blobBytes = yield* rows(
    db
      .select({ id: named.id, bytes: sum(blobs.sizeBytes).mapWith(Number) })
      .from(named)
      .innerJoin(blobs, sql`${blobs.digest} = ${named.digest}`)
      .groupBy(named.id),
  )
  const [tagged, held, blobsOf] = [byId(tagCounts), byId(manifestCounts), byId(blobBytes)]
  return there.map(({ id }) => ({
    repositoryId: id,
    tags: tagged.get(id)?.count ?? 0,
    manifests: held.get(id)?.count ?? 0,
    bytes: (held.get(id)?.bytes ?? 0) + (blobsOf.get(id)?.bytes ?? 0),
  }))
}

function byId<T extends { readonly id: number }>(found: readonly T[]): ReadonlyMap<number, T> {
  return new Map(found.map((each) => [Number(each.id), each]))
}
