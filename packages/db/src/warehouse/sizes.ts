import { setImmediate as othersFirst } from "node:timers/promises"
import { and, count, eq, inArray, sql, sum } from "drizzle-orm"
import { type Context, type Engine, rows, type Work } from "../engine/engine.ts"
import { paddedBatches } from "../engine/padded-batches.ts"
import type { RepositorySize } from "./warehouse-store.ts"

/** SQLite adds up so many repositories in some milliseconds, and nothing else of the process runs meanwhile. */
const repositoriesAtOnce = 32

/** WarehouseStore.sizes. */
export async function sizesOf(engine: Engine, repositoryIds: readonly number[]): Promise<readonly RepositorySize[]> {
  const sizes: RepositorySize[] = []
  for (let start = 0; start < repositoryIds.length; start += repositoriesAtOnce) {
    const ids = repositoryIds.slice(start, start + repositoriesAtOnce)
    sizes.push(...(await engine.read((context) => sizesOfSome(context, ids))))
    await othersFirst()
  }
  return sizes
}

function* sizesOfSome({ db, tables }: Context, someIds: readonly number[]): Work<readonly RepositorySize[]> {
  const { repositories, tags, manifests, manifestReferences, blobLinks, blobs } = tables
  const [ids = []] = paddedBatches(someIds)
  const there = yield* rows(db.select({ id: repositories.id }).from(repositories).where(inArray(repositories.id, ids)))
  const tagCounts = yield* rows(
    db
      .select({ id: tags.repositoryId, count: count() })
      .from(tags)
      .where(inArray(tags.repositoryId, ids))
      .groupBy(tags.repositoryId),
  )
  const manifestCounts = yield* rows(
    db
      .select({ id: manifests.repositoryId, count: count(), bytes: sum(manifests.sizeBytes).mapWith(Number) })
      .from(manifests)
      .where(inArray(manifests.repositoryId, ids))
      .groupBy(manifests.repositoryId),
  )
  const named = db
    .selectDistinct({ id: manifests.repositoryId, digest: manifestReferences.digest })
    .from(manifests)
    .innerJoin(manifestReferences, sql`${manifestReferences.manifestDigest} = ${manifests.digest}`)
    .where(inArray(manifests.repositoryId, ids))
    .as("named")
  // Anybody may write digests into a manifest: whether others have such a blob is nobody's business here (S6).
  const blobBytes = yield* rows(
    db
      .select({ id: named.id, bytes: sum(blobs.sizeBytes).mapWith(Number) })
      .from(named)
      .innerJoin(blobLinks, and(eq(blobLinks.repositoryId, named.id), eq(blobLinks.digest, named.digest)))
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
