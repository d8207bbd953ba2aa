import type { Digest } from "@entrepot/core"
import { count, sum } from "drizzle-orm"
import { type Context, type Engine, row, type Work } from "../engine/engine.ts"
import {
  addBlob,
  findBlob,
  findLinkedBlob,
  forgetBlobs,
  hostedBytes,
  link,
  listBlobs,
  repositoriesOf,
  setVerified,
  unlink,
} from "./blobs.ts"
import { findManifest, findManifestRecord, findReference, findReferrers, listManifests, referencesOf } from "./find-manifests.ts"
import { dropUnneededBlob, evictable, unneededBlobs } from "./garbage.ts"
import { putManifest } from "./put-manifest.ts"
import { deleteManifest } from "./remove-manifest.ts"
import { findRepository, listRepositories, makeRepository, removeRepository, setShared } from "./repositories.ts"
import { sizesOf } from "./sizes.ts"
import { deleteTag, findTag, listTags, setTag, tagsOf, touchTag } from "./tags.ts"
import { touch, type Used } from "./touch.ts"
import { createUpload, findUpload, listUploads, removeUpload } from "./uploads.ts"
import type {
  BriefQuery,
  PageQuery,
  PutManifest,
  ReferrerQuery,
  Repository,
  UploadRecord,
  WarehouseStore,
} from "./warehouse-store.ts"

/** The warehouse over either dialect. */
export class SqlWarehouseStore implements WarehouseStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  repository(name: string) {
    return this.#engine.read((context) => findRepository(context, name))
  }

  async ensureRepository(repository: Pick<Repository, "name" | "projectId" | "registry">, at: number): Promise<Repository> {
    const found = await this.repository(repository.name)
    return found ?? (await this.#engine.write((context) => makeRepository(context, repository, at)))
  }

  listRepositories(query: PageQuery & { readonly projectId?: number | undefined; readonly registry?: string | undefined }) {
    return this.#engine.read((context) => listRepositories(context, query))
  }

  sizes(repositoryIds: readonly number[]) {
    return sizesOf(this.#engine, repositoryIds)
  }

  removeRepository(id: number) {
    return this.#engine.write((context) => removeRepository(context, id))
  }

  setShared(id: number, shared: boolean) {
    return this.#engine.write((context) => setShared(context, id, shared))
  }

  putManifest(put: PutManifest, at: number) {
    return this.#engine.write((context) => putManifest(context, put, at))
  }

  manifest(repositoryId: number, digest: Digest) {
    return this.#engine.read((context) => findManifest(context, repositoryId, digest))
  }

  manifestRecord(repositoryId: number, digest: Digest) {
    return this.#engine.read((context) => findManifestRecord(context, repositoryId, digest))
  }

  listManifests(repositoryId: number, query: BriefQuery & { readonly after?: Digest }) {
    return this.#engine.read((context) => listManifests(context, repositoryId, query))
  }

  referencesOf(digest: Digest) {
    return this.#engine.read((context) => referencesOf(context, digest))
  }

  deleteManifest(repositoryId: number, digest: Digest) {
    return this.#engine.write((context) => deleteManifest(context, repositoryId, digest))
  }

  referrers(repositoryId: number, subject: Digest, query: ReferrerQuery) {
    return this.#engine.read((context) => findReferrers(context, repositoryId, subject, query))
  }

  tag(repositoryId: number, name: string) {
    return this.#engine.read((context) => findTag(context, repositoryId, name))
  }

  setTag(repositoryId: number, name: string, digest: Digest, at: number) {
    return this.#engine.write((context) => setTag(context, { repositoryId, name, digest }, at))
  }

  touchTag(repositoryId: number, name: string, at: number) {
    return this.#engine.write((context) => touchTag(context, repositoryId, name, at))
  }

  deleteTag(repositoryId: number, name: string) {
    return this.#engine.write((context) => deleteTag(context, repositoryId, name))
  }

  listTags(repositoryId: number, query: PageQuery) {
    return this.#engine.read((context) => listTags(context, repositoryId, query))
  }

  tagsOf(repositoryId: number, digest: Digest, limit: number) {
    return this.#engine.read((context) => tagsOf(context, repositoryId, digest, limit))
  }

  addBlob(blob: { readonly digest: Digest; readonly sizeBytes: number; readonly repositoryId?: number }, at: number) {
    return this.#engine.write((context) => addBlob(context, blob, at))
  }

  blob(digest: Digest) {
    return this.#engine.read((context) => findBlob(context, digest))
  }

  link(repositoryId: number, digest: Digest, at: number) {
    return this.#engine.write((context) => link(context, repositoryId, digest, at))
  }

  linkedBlob(repositoryId: number, digest: Digest) {
    return this.#engine.read((context) => findLinkedBlob(context, repositoryId, digest))
  }

  unlink(repositoryId: number, digest: Digest) {
    return this.#engine.write((context) => unlink(context, repositoryId, digest))
  }

  referenceIn(repositoryId: number, digest: Digest) {
    return this.#engine.read((context) => findReference(context, repositoryId, digest))
  }

  touch(used: Used, at: number) {
    return this.#engine.write((context) => touch(context, used, at))
  }

  setVerified(digest: Digest, at: number) {
    return this.#engine.write((context) => setVerified(context, digest, at))
  }

  repositoriesOf(digest: Digest, limit: number) {
    return this.#engine.read((context) => repositoriesOf(context, digest, limit))
  }

  hostedBytes() {
    return this.#engine.read(hostedBytes)
  }

  async forgetBlob(digest: Digest) {
    return (await this.forgetBlobs([digest])) > 0
  }

  forgetBlobs(digests: readonly Digest[]) {
    return this.#engine.write((context) => forgetBlobs(context, digests))
  }

  listBlobs(query: { readonly after?: Digest; readonly limit: number }) {
    return this.#engine.read((context) => listBlobs(context, query))
  }

  usage() {
    return this.#engine.read(usage)
  }

  unneededBlobs(before: number, limit: number) {
    return this.#engine.read((context) => unneededBlobs(context, before, limit))
  }

  dropUnneededBlob(digest: Digest, before: number) {
    return this.#engine.write((context) => dropUnneededBlob(context, digest, before))
  }

  evictable(limit: number) {
    return this.#engine.read((context) => evictable(context, limit))
  }

  createUpload(upload: UploadRecord) {
    return this.#engine.write((context) => createUpload(context, upload))
  }

  upload(repositoryId: number, id: string) {
    return this.#engine.read((context) => findUpload(context, repositoryId, id))
  }

  removeUpload(id: string) {
    return this.#engine.write((context) => removeUpload(context, id))
  }

  listUploads(startedBefore: number, limit: number) {
    return this.#engine.read((context) => listUploads(context, startedBefore, limit))
  }
}

function* usage({ db, tables }: Context): Work<Awaited<ReturnType<WarehouseStore["usage"]>>> {
  const kept = yield* row(db.select({ blobs: count(), bytes: sum(tables.blobs.sizeBytes) }).from(tables.blobs))
  const repositories = yield* row(db.select({ count: count() }).from(tables.repositories))
  const manifests = yield* row(db.select({ count: count() }).from(tables.manifests))
  return {
    blobs: kept?.blobs ?? 0,
    bytes: Number(kept?.bytes ?? 0),
    repositories: repositories?.count ?? 0,
    manifests: manifests?.count ?? 0,
  }
}
