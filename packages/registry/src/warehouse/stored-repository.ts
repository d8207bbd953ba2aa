import type { ByteStream, Descriptor, Digest } from "@entrepot/core"
import { isDigest, isIndexType } from "@entrepot/core"
import type { ManifestReference, Repository } from "@entrepot/db/stores"
import { RegistryError } from "../registry-error.ts"
import type { WarehouseParts } from "./build-warehouse.ts"
import type { HostedRepository, PushedManifest, UploadSession } from "./hosted-repository.ts"
import { indexDepthLimit, indexIsTooDeep } from "./index-depth.ts"
import { listReferrers } from "./list-referrers.ts"
import { type ReadManifest, readPushedManifest } from "./read-manifest.ts"
import type { DescribedManifest, NamePage, PageRequest, ReferrerPage, ServedBlob, ServedManifest } from "./readable-repository.ts"

/** Repositories of a project that are looked through for a blob that a client wants mounted without saying from where. */
const mostMountSources = 200

const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/

/** A hosted repository: rows and blobs of the warehouse. Its own row is made by the first push. */
export class StoredRepository implements HostedRepository {
  readonly name: string
  readonly #projectId: number
  readonly #parts: WarehouseParts

  constructor(parts: WarehouseParts, name: string, projectId: number) {
    this.#parts = parts
    this.name = name
    this.#projectId = projectId
  }

  recall(reference: string): ServedManifest | undefined {
    const id = this.#own(this.#parts.repositories.recall(this.name))?.id
    if (id === undefined) return undefined
    const digest = reference.includes(":") ? reference : this.#parts.tags.recall(id, reference)?.digest
    return digest === undefined ? undefined : this.#parts.manifests.recall(id, digest)
  }

  async manifest(reference: string): Promise<ServedManifest | undefined> {
    const repository = await this.#row()
    if (repository === undefined) return undefined
    if (reference.includes(":")) {
      return isDigest(reference) ? await this.#parts.manifests.get(repository.id, reference) : undefined
    }
    const tag = await this.#parts.tags.get(repository.id, reference)
    return tag === undefined ? undefined : await this.#parts.manifests.get(repository.id, tag.digest)
  }

  async describe(reference: string): Promise<DescribedManifest | undefined> {
    return await this.manifest(reference)
  }

  async blob(digest: Digest): Promise<ServedBlob | undefined> {
    const repository = await this.#row()
    if (repository === undefined) return undefined
    const record = (await this.#parts.blobs.linked(repository.id, digest))?.blob
    if (record === undefined) return undefined
    this.#parts.blobs.rely(digest)
    return await this.#parts.blobs.open(record)
  }

  async tags(page: PageRequest): Promise<NamePage | undefined> {
    const repository = await this.#row()
    if (repository === undefined) return undefined
    if (page.limit <= 0) return { names: [], more: false }
    const found = await this.#parts.store.listTags(repository.id, { after: page.after, limit: page.limit + 1 })
    return { names: found.slice(0, page.limit).map((tag) => tag.name), more: found.length > page.limit }
  }

  async referrers(subject: Digest, _: AbortSignal, page?: ReferrerPage): Promise<readonly Descriptor[]> {
    const repository = await this.#row()
    return repository === undefined ? [] : await listReferrers(this.#parts.store, repository.id, subject, page)
  }

  async beginUpload(options: { readonly algorithm?: "sha256" | "sha512" } = {}): Promise<UploadSession> {
    return await this.#inRow(({ id }) => this.#parts.uploads.begin(id, options.algorithm ?? "sha256"))
  }

  async upload(id: string): Promise<UploadSession> {
    return await this.#parts.uploads.status(await this.#idForUpload(), id)
  }

  async appendUpload(id: string, start: number | undefined, body: ByteStream, signal: AbortSignal): Promise<UploadSession> {
    return await this.#parts.uploads.append(await this.#idForUpload(), id, start, body, signal)
  }

  async finishUpload(
    id: string,
    digest: Digest,
    start: number | undefined,
    body: ByteStream,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#parts.uploads.finish(await this.#idForUpload(), id, digest, start, body, signal)
  }

  async cancelUpload(id: string): Promise<void> {
    await this.#parts.uploads.cancel(await this.#idForUpload(), id)
  }

  async mount(digest: Digest, from: string | ((name: string) => Promise<boolean>)): Promise<boolean> {
    if (!isDigest(digest)) return false
    const source = await (typeof from === "string" ? this.#parts.repositories.get(from) : this.#siblingWith(digest, from))
    if (source === undefined) return false
    const record = (await this.#parts.blobs.linked(source.id, digest))?.blob
    if (record === undefined || (await this.#parts.blobs.open(record)) === undefined) return false
    this.#parts.blobs.rely(digest)
    return await this.#inRow(async ({ id }) => {
      await this.#parts.blobs.link(id, digest)
      return (await this.#parts.blobs.linked(id, digest))?.blob !== undefined
    })
  }

  async putManifest(
    reference: string,
    contentType: string | undefined,
    bytes: Buffer,
    tags: readonly string[] = [],
  ): Promise<PushedManifest> {
    const isByDigest = reference.includes(":")
    if (isByDigest && !isDigest(reference)) {
      throw new RegistryError("DIGEST_INVALID", `not a digest that can be verified: "${reference.slice(0, 160)}"`)
    }
    const names = [...new Set(isByDigest ? tags : [reference, ...tags])]
    for (const name of names) {
      if (!tagPattern.test(name)) throw new RegistryError("TAG_INVALID", `"${name.slice(0, 160)}" is not a tag`)
    }
    const read = await this.#withKinds(readPushedManifest(contentType, isByDigest ? reference : undefined, bytes))
    const { digest, subject } = read.manifest
    const required = read.references.filter(({ kind }) => kind !== "foreign")
    if (required.length > 0 && (await this.#row()) === undefined) throw unknownReferences(required)
    if (await indexIsTooDeep(this.#parts.store, read.references)) {
      throw new RegistryError("MANIFEST_INVALID", `indexes are nested more than ${indexDepthLimit} deep, or name too many others`)
    }
    await this.#inRow(async ({ id }) => {
      const [tag, ...others] = names
      const put = () => this.#parts.manifests.put(id, read, bytes, { tag, complete: true })
      const missing = tag === undefined ? await put() : await this.#parts.tags.changing(id, tag, put)
      if (missing.length > 0) throw unknownReferences(missing)
      for (const other of others) await this.#parts.tags.set(id, other, digest)
    })
    return { digest, ...(subject === null ? {} : { subject }) }
  }

  async deleteManifest(reference: string): Promise<void> {
    const repository = await this.#row()
    if (repository !== undefined && (await this.#deleted(repository.id, reference))) return
    throw new RegistryError("MANIFEST_UNKNOWN", "there is no such manifest", { detail: { reference: reference.slice(0, 160) } })
  }

  async deleteBlob(digest: Digest): Promise<void> {
    const repository = await this.#row()
    if (repository !== undefined && (await this.#parts.blobs.unlink(repository.id, digest))) return
    throw new RegistryError("BLOB_UNKNOWN", "there is no such blob", { detail: { digest: digest.slice(0, 160) } })
  }

  async #deleted(id: number, reference: string): Promise<boolean> {
    if (!reference.includes(":")) return await this.#parts.tags.delete(id, reference)
    try {
      return await this.#parts.manifests.delete(id, reference)
    } finally {
      this.#parts.tags.forgetAll()
    }
  }

  /** What an index names by a type that we do not know may have been pushed as a manifest all the same. */
  async #withKinds(read: ReadManifest): Promise<ReadManifest> {
    if (!isIndexType(read.manifest.mediaType) || read.references.every(({ kind }) => kind === "manifest")) return read
    const repository = await this.#row()
    if (repository === undefined) return read
    const references: ManifestReference[] = []
    for (const reference of read.references) {
      const isManifest = (await this.#parts.store.manifestRecord(repository.id, reference.digest)) !== undefined
      references.push(isManifest ? { ...reference, kind: "manifest" } : reference)
    }
    return { ...read, references }
  }

  async #siblingWith(digest: Digest, mayRead: (name: string) => Promise<boolean>): Promise<Repository | undefined> {
    const siblings = await this.#parts.store.listRepositories({ projectId: this.#projectId, limit: mostMountSources })
    for (const sibling of siblings) {
      const hasIt = (await this.#parts.store.linkedBlob(sibling.id, digest))?.blob !== undefined
      if (hasIt && (await mayRead(sibling.name))) return sibling
    }
    return undefined
  }

  async #row(): Promise<Repository | undefined> {
    return this.#own(await this.#parts.repositories.get(this.name))
  }

  /** Changes something in the repository, which is made where there is none. */
  #inRow<T>(work: (repository: Repository) => Promise<T>): Promise<T> {
    return this.#parts.repositories.changing(() => this.#ensureRow(), work)
  }

  async #ensureRow(): Promise<Repository> {
    const { repositories } = this.#parts
    const wanted = { name: this.name, projectId: this.#projectId, registry: null }
    const own = this.#own(await repositories.ensure(wanted))
    if (own !== undefined) return own
    // What is remembered may be of a project of that name that is gone.
    repositories.forget(this.name)
    const made = this.#own(await repositories.ensure(wanted))
    if (made !== undefined) return made
    throw new RegistryError("DENIED", `${this.name} is not of this project, and cannot be pushed to`, {
      detail: { name: this.name },
    })
  }

  /** A row of that name can be another project's, or an upstream's: then it is not this repository. */
  #own(row: Repository | undefined): Repository | undefined {
    return row?.projectId === this.#projectId ? row : undefined
  }

  async #idForUpload(): Promise<number> {
    const repository = await this.#row()
    if (repository !== undefined) return repository.id
    throw new RegistryError("BLOB_UPLOAD_UNKNOWN", "there is no such upload")
  }
}

function unknownReferences(missing: readonly ManifestReference[]): RegistryError {
  return new RegistryError("MANIFEST_BLOB_UNKNOWN", "the manifest names what is not in this repository", {
    detail: missing.map(({ digest, kind }) => ({ digest, kind })),
  })
}
