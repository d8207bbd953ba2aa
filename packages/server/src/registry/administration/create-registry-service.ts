import { isDigest } from "@entrepot/core"
import type { Database, Repository } from "@entrepot/db/stores"
import type { Warehouse } from "@entrepot/registry"
import type { Actor } from "../../accounts/actor.ts"
import { AuditTrail } from "../../accounts/audit-trail.ts"
import { requireScope } from "../../accounts/rights.ts"
import { ServiceError } from "../../errors/service-error.ts"
import type { Log } from "../../runtime/runtime.ts"
import { isVisibleRepository } from "../is-visible-repository.ts"
import { placesOf } from "../project-places.ts"
import type {
  CareResult,
  ManifestPage,
  RegistryPlace,
  RegistryService,
  RegistryUsage,
  RepositoryPage,
  RepositoryQuery,
  ScrubResult,
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

/** Rows that are read for one page where some of them are hidden. */
const readAtOnce = 500

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

  async repositories(actor: Actor, { after, limit, project, registry }: RepositoryQuery): Promise<RepositoryPage> {
    requireScope(actor, "jobs:read")
    const { projects, warehouse } = this.#options.stores
    const places = await placesOf(actor, this.#options.stores)
    const within = project === undefined ? undefined : await projects.byName(project)
    if (project !== undefined && (within === undefined || !places.maySee(within))) throw projectNotFound()
    const byId = new Map((await projects.list()).map((each) => [each.id, each]))
    const found: Repository[] = []
    let cursor = after
    for (;;) {
      const page = await warehouse.listRepositories({ after: cursor, limit: readAtOnce, projectId: within?.id, registry })
      found.push(...page.filter((repository) => isVisibleRepository(repository, places, byId)))
      cursor = page.at(-1)?.name
      if (page.length < readAtOnce || found.length > limit) break
    }
    const repositories = found.slice(0, limit)
    return { repositories, next: found.length > limit ? (repositories.at(-1)?.name ?? null) : null }
  }

  async tags(
    actor: Actor,
    { repository, after, limit }: { readonly repository: string; readonly after?: string | undefined; readonly limit: number },
  ): Promise<TagPage> {
    const { id } = await this.#visible(actor, repository)
    const found = await this.#options.stores.warehouse.listTags(id, { after, limit: limit + 1 })
    const tags = found.slice(0, limit)
    return { tags, next: found.length > limit ? (tags.at(-1)?.name ?? null) : null }
  }

  async manifests(
    actor: Actor,
    { repository, after, limit }: { readonly repository: string; readonly after?: string | undefined; readonly limit: number },
  ): Promise<ManifestPage> {
    const { id } = await this.#visible(actor, repository)
    if (after !== undefined && !isDigest(after)) throw new ServiceError("invalid", "a page of manifests begins after a digest")
    const query = { limit: limit + 1, ...(after === undefined ? {} : { after }) }
    const found = await this.#options.stores.warehouse.listManifests(id, query)
    const manifests = found.slice(0, limit)
    return { manifests, next: found.length > limit ? (manifests.at(-1)?.digest ?? null) : null }
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
    return { ...(await this.#options.stores.warehouse.usage()), quotaBytes: this.#options.quotaBytes ?? null }
  }

  collectGarbage(actor: Actor): Promise<CareResult> {
    return this.#care(actor, "registry.collect-garbage", async () => {
      const { blobs, bytes, partialBytes } = await this.#options.warehouse.collectGarbage()
      return { blobs, bytes: bytes + partialBytes }
    })
  }

  async evict(actor: Actor, toBytes?: number): Promise<CareResult> {
    requireScope(actor, "admin")
    const limit = toBytes ?? this.#options.quotaBytes
    if (limit === undefined) throw new ServiceError("invalid", "there is no quota (REGISTRY_QUOTA): say how much may stay")
    return this.#care(actor, "registry.evict", async () => {
      const { blobs, bytes } = await this.#options.warehouse.evict(limit)
      return { blobs, bytes }
    })
  }

  scrub(actor: Actor, most: number, signal: AbortSignal): Promise<ScrubResult> {
    return this.#care(actor, "registry.scrub", async () => {
      const { verified, rotten, missing } = await this.#options.warehouse.scrub({ most, signal })
      return { checked: verified, wrong: rotten.length + missing.length }
    })
  }

  async #care<Result extends object>(actor: Actor, action: string, work: () => Promise<Result>): Promise<Result> {
    requireScope(actor, "admin")
    const result = await work()
    const account = Object.entries(result).map(([name, value]) => `${name}=${value}`)
    await this.#trail.ok(actor, action, account.join(" "))
    return result
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

  /** What was read through upstreams is everybody's, and so it is an administrator who takes it away. */
  async #removable(actor: Actor, name: string): Promise<Repository> {
    const repository = await this.#visible(actor, name)
    requireScope(actor, "jobs:write")
    const { stores } = this.#options
    const project = repository.projectId === null ? undefined : await stores.projects.get(repository.projectId)
    const places = await placesOf(actor, stores)
    if (project === undefined ? places.seesAll : places.roleIn(project) === "admin") return repository
    throw new ServiceError("forbidden", "only an administrator, or one of the project, removes what is in it")
  }
}

function notFound(): ServiceError {
  return new ServiceError("not_found", "there is no such repository")
}

function projectNotFound(): ServiceError {
  return new ServiceError("not_found", "there is no such project")
}
