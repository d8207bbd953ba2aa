import type { Digest } from "@entrepot/core"
import { and, eq, inArray, sql } from "drizzle-orm"
import { type Context, rows, run, type Work } from "../engine/engine.ts"
import { paddedBatches } from "../engine/padded-batches.ts"
import { pointTag } from "./tags.ts"
import { takeTurn } from "./take-turn.ts"
import type { ManifestReference, PutManifest } from "./warehouse-store.ts"

/** Rows of one statement. */
const rowsAtOnce = 500

/** WarehouseStore.putManifest. */
export function* putManifest(
  context: Context,
  put: PutManifest,
  at: number,
): Work<{ readonly missing: readonly ManifestReference[] }> {
  yield* takeTurn(context)
  const missing = put.complete ? yield* missingOf(context, put) : []
  if (missing.length > 0) return { missing }
  const { db, tables } = context
  const { manifestContents, manifests } = tables
  const { digest, mediaType, sizeBytes, artifactType, subject } = put.manifest
  const annotations = put.manifest.annotations === null ? null : JSON.stringify(put.manifest.annotations)
  const { buffer, byteOffset, byteLength } = put.bytes
  const bytes = Buffer.from(buffer, byteOffset, byteLength)
  yield* run(db.insert(manifestContents).values({ digest, bytes }).onConflictDoNothing())
  const { repositoryId } = put
  yield* run(
    db
      .insert(manifests)
      .values({ repositoryId, digest, mediaType, sizeBytes, artifactType, subject, annotations, createdAt: at, usedAt: at })
      .onConflictDoUpdate({
        target: [manifests.repositoryId, manifests.digest],
        set: { mediaType, artifactType, subject, annotations, usedAt: at },
      }),
  )
  yield* storeReferences(context, put)
  yield* holdBlobs(context, put.references, at)
  if (put.tag !== undefined) yield* pointTag(context, { repositoryId, name: put.tag, digest }, at)
  return { missing: [] }
}

/** References that have to be here and are not, in their order. */
function* missingOf({ db, tables }: Context, { repositoryId, references }: PutManifest): Work<readonly ManifestReference[]> {
  const { blobs, blobLinks, manifests } = tables
  const here = { blob: new Set<Digest>(), manifest: new Set<Digest>() }
  const digestsOf = (kind: ManifestReference["kind"]) =>
    references.filter((each) => each.kind === kind).map((each) => each.digest)
  for (const batch of paddedBatches(digestsOf("blob"))) {
    const found = yield* rows(
      db
        .select({ digest: blobs.digest })
        .from(blobLinks)
        .innerJoin(blobs, eq(blobs.digest, blobLinks.digest))
        .where(and(eq(blobLinks.repositoryId, repositoryId), inArray(blobLinks.digest, batch))),
    )
    for (const { digest } of found) here.blob.add(digest)
  }
  for (const batch of paddedBatches(digestsOf("manifest"))) {
    const found = yield* rows(
      db
        .select({ digest: manifests.digest })
        .from(manifests)
        .where(and(eq(manifests.repositoryId, repositoryId), inArray(manifests.digest, batch))),
    )
    for (const { digest } of found) here.manifest.add(digest)
  }
  return references.filter(({ kind, digest }) => kind !== "foreign" && !here[kind].has(digest))
}

function* storeReferences({ db, tables: { manifestReferences } }: Context, { manifest, references }: PutManifest): Work<void> {
  for (let start = 0; start < references.length; start += rowsAtOnce) {
    const values = references
      .slice(start, start + rowsAtOnce)
      .map(({ digest, kind, sizeBytes }) => ({ manifestDigest: manifest.digest, digest, kind, sizeBytes }))
    yield* run(db.insert(manifestReferences).values(values).onConflictDoNothing())
  }
}

/** Garbage collection that runs at the same time leaves them. */
function* holdBlobs({ db, tables: { blobs } }: Context, references: readonly ManifestReference[], at: number): Work<void> {
  const usedAt = sql`case when ${blobs.usedAt} < ${at} then ${at} else ${blobs.usedAt} end`
  for (const batch of paddedBatches(references.map(({ digest }) => digest))) {
    yield* run(db.update(blobs).set({ named: true, usedAt }).where(inArray(blobs.digest, batch)))
  }
}
