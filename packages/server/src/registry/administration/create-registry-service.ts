import { isDigest } from "@entrepot/core"
import type { Database, Repository } from "@entrepot/db/stores"
import type { BlobStore, Warehouse } from "@entrepot/registry"
import type { Actor } from "../../accounts/actor.ts"
import { AuditTrail } from "../../accounts/audit-trail.ts"
import { isPermitted, requireScope } from "../../accounts/rights.ts"
import { ServiceError } from "../../errors/service-error.ts"
import type { Log } from "../../runtime/runtime.ts"
import type { CareRuns } from "../care/care-runs.ts"
import { isVisibleRepository } from "../is-visible-repository.ts"
import { placesOf } from "../project-places.ts"
import { freeBytes } from "./free-bytes.ts"
import { hasInIt, pageByName } from "./page-by-name.ts"
import { longestAnnotations, readImage } from "./read-image.ts"
import type {
  CareRequest,
  CareView,
  ImageView,
  ManifestPage,
  RegistryPlace,
  RegistryService,
  RegistryUsage,
  RepositoryPage,
  RepositoryQuery,
  RepositoryView,
  TagPage,
} from "./registry-service.ts"

/** What of the warehouse is asked here. What it remembers is put right by itself. */
interface TendedWarehouse extends Pick<Warehouse, "removeRepository" | "collectGarbage" | "evict" | "scrub"> {
  readonly manifests: Pick<Warehouse["manifests"], "delete">
  readonly tags: Pick<Warehouse["tags"], "delete" | "forgetAll">
}

export interface RegistryServiceOptions {
  readonly stores: Pick<Database, "warehouse" | "projects" | "projectMembers" | "audit">
  readonly warehouse: TendedWarehouse
  readonly blobs: Pick<BlobStore, "read">
  /** Where blobs are. */
  readonly blobDirectory: string
  readonly care: CareRuns
  readonly place: () => RegistryPlace
  readonly quotaBytes: number | undefined
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The registry's contents, over the store of one database and the warehouse of this process. */
export function createRegistryService(options: RegistryServiceOptions): RegistryService {
  return new RegistryAdministration(options)
}

/** Repositories whose sizes are asked for at once. */
const sizedAtOnce = 100

class RegistryAdministration implements RegistryService {
  readonly #options: RegistryServiceOptions
  readonly #trail: AuditTrail

  constructor(options: RegistryServiceOptions) {
    this.#options = options
    this.#trail = new AuditTrail(options.stores.audit, options.log, options.now)
  }

  place(actor: Actor): RegistryPlace {
    requireScope(actor, "jobs:read")
    return this.#options.place()
  }

  async repositories(actor: Actor, query: RepositoryQuery): Promise<RepositoryPage> {
    requireScope(actor, "jobs:read")
    const { projects, warehouse } = this.#options.stores
    const { project, registry, search } = query
    const places = await placesOf(actor, this.#options.stores)
    const within = project === undefined ? undefined : await projects.byName(project)
    if (project !== undefined && (within === undefined || !places.maySee(within))) throw projectNotFound()
    const byId = new Map((await projects.list()).map((each) => [each.id, each]))
    const isFound = hasInIt(search)
    const { items, next } = await pageByName(
      query,
      (page) => warehouse.listRepositories({ ...page, projectId: within?.id, registry }),
      (repository) => isFound(repository) && isVisibleRepository(repository, places, byId),
    )
    return { repositories: await this.#sized(items), next }
  }

  async #sized(repositories: readonly Repository[]): Promise<readonly RepositoryView[]> {
    const sizes = new Map<number, Pick<RepositoryView, "tags" | "manifests" | "bytes">>()
    for (let from = 0; from < repositories.length; from += sizedAtOnce) {
      const ids = repositories.slice(from, from + sizedAtOnce).map(({ id }) => id)
      for (const { repositoryId, ...size } of await this.#options.stores.warehouse.sizes(ids)) sizes.set(repositoryId, size)
    }
    return repositories.map((each) => ({ ...each, ...(sizes.get(each.id) ?? { tags: 0, manifests: 0, bytes: 0 }) }))
  }

  async tags(actor: Actor, { repository, search, ...page }: Parameters<RegistryService["tags"]>[1]): Promise<TagPage> {
    const { id } = await this.#visible(actor, repository)
    const { warehouse } = this.#options.stores
    const { items, next } = await pageByName(page, (query) => warehouse.listTags(id, query), hasInIt(search))
    return { tags: items, next }
  }

  async manifests(
    actor: Actor,
    { repository, after, limit }: { readonly repository: string; readonly after?: string | undefined; readonly limit: number },
  ): Promise<ManifestPage> {
    const { id } = await this.#visible(actor, repository)
    if (after !== undefined && !isDigest(after)) throw new ServiceError("invalid", "a page of manifests begins after a digest")
    const query = { limit: limit + 1, longestAnnotations, ...(after === undefined ? {} : { after }) }
    const found = await this.#options.stores.warehouse.listManifests(id, query)
    const manifests = found.slice(0, limit)
    return { manifests, next: found.length > limit ? (manifests.at(-1)?.digest ?? null) : null }
  }

  async image(actor: Actor, name: string, reference: string): Promise<ImageView> {
    const repository = await this.#visible(actor, name)
    const { blobs, stores } = this.#options
    const digest = isDigest(reference) ? reference : (await stores.warehouse.tag(repository.id, reference))?.digest
    const parts = { store: stores.warehouse, blobs }
    const image = digest === undefined ? undefined : await readImage(parts, repository, digest)
    if (image === undefined) throw new ServiceError("not_found", "there is no such tag or manifest")
    return { ...image, removable: isPermitted(actor, "jobs:write") && (await this.#isAdministrated(actor, repository)) }
  }

  async removeManifest(actor: Actor, repository: string, reference: string): Promise<void> {
    const { id, name } = await this.#removable(actor, repository)
    const removed = await this.#remove(id, reference)
    if (!removed) throw new ServiceError("not_found", "there is no such tag or manifest")
    await this.#trail.ok(actor, "registry.remove", `${name}${isDigest(reference) ? "@" : ":"}${reference}`)
  }

  async #remove(repositoryId: number, reference: string): Promise<boolean> {
    const { manifests, tags } = this.#options.warehouse
    if (!isDigest(reference)) return tags.delete(repositoryId, reference)
    try {
      return await manifests.delete(repositoryId, reference)
    } finally {
      // Its tags went with it.
      tags.forgetAll()
    }
  }

  async removeRepository(actor: Actor, repository: string): Promise<void> {
    const found = await this.#removable(actor, repository)
    if (!(await this.#options.warehouse.removeRepository(found.id))) throw notFound()
    await this.#trail.ok(actor, "registry.remove", found.name)
  }

  async usage(actor: Actor): Promise<RegistryUsage> {
    requireScope(actor, "jobs:read")
    const { blobDirectory, quotaBytes, stores } = this.#options
    return {
      ...(await stores.warehouse.usage()),
      hostedBytes: await stores.warehouse.hostedBytes(),
      quotaBytes: quotaBytes ?? null,
      freeBytes: await freeBytes(blobDirectory),
    }
  }

  async care(actor: Actor): Promise<readonly CareView[]> {
    requireScope(actor, "admin")
    return await this.#options.care.list()
  }

  async startCare(actor: Actor, request: CareRequest): Promise<CareView> {
    requireScope(actor, "admin")
    const { care, warehouse } = this.#options
    if (request.kind === "evict") {
      const limit = request.toBytes ?? this.#options.quotaBytes
      if (limit === undefined) throw new ServiceError("invalid", "there is no quota (REGISTRY_QUOTA): say how much may stay")
      const run = await care.begin("evict", actor.name, (onProgress, signal) => warehouse.evict(limit, { onProgress, signal }))
      await this.#trail.ok(actor, "registry.evict", `to ${limit} bytes`)
      return run
    }
    const run =
      request.kind === "garbage"
        ? await care.begin("garbage", actor.name, (onProgress, signal) => warehouse.collectGarbage({ onProgress, signal }))
        : await care.begin("scrub", actor.name, (onProgress, signal) => warehouse.scrub({ everything: true, onProgress, signal }))
    await this.#trail.ok(actor, request.kind === "garbage" ? "registry.collect-garbage" : "registry.scrub", "")
    return run
  }

  async stopCare(actor: Actor, id: number): Promise<CareView> {
    requireScope(actor, "admin")
    const run = await this.#options.care.stop(id, actor.name)
    await this.#trail.ok(actor, "registry.stop-care", run.kind)
    return run
  }

  async #visible(actor: Actor, name: string): Promise<Repository> {
    requireScope(actor, "jobs:read")
    const { stores } = this.#options
    const repository = await stores.warehouse.repository(name)
    if (repository === undefined) throw notFound()
    const project = repository.projectId === null ? undefined : await stores.projects.get(repository.projectId)
    const byId = new Map(project === undefined ? [] : [[project.id, project]])
    if (!isVisibleRepository(repository, await placesOf(actor, stores), byId)) throw notFound()
    return repository
  }

  async #removable(actor: Actor, repository: string): Promise<Repository> {
    const found = await this.#visible(actor, repository)
    requireScope(actor, "jobs:write")
    if (await this.#isAdministrated(actor, found)) return found
    throw new ServiceError("forbidden", "only an administrator, or one of the project, removes what is in it")
  }

  /** What was read through upstreams is everybody's, and so it is an administrator who takes it away. */
  async #isAdministrated(actor: Actor, { projectId }: Repository): Promise<boolean> {
    const { stores } = this.#options
    const places = await placesOf(actor, stores)
    const project = projectId === null ? undefined : await stores.projects.get(projectId)
    return project === undefined ? places.seesAll : places.roleIn(project) === "admin"
  }
}

function notFound(): ServiceError {
  return new ServiceError("not_found", "there is no such repository")
}

function projectNotFound(): ServiceError {
  return new ServiceError("not_found", "there is no such project")
}
