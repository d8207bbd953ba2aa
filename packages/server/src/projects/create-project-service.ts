import { formatCanonical, parseTargetBase } from "@entrepot/core"
import {
  type Database,
  type Job,
  type JobPage,
  type JobState,
  NameTaken,
  type Project,
  ProjectNotEmpty,
} from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { AuditTrail } from "../accounts/audit-trail.ts"
import { requireScope } from "../accounts/rights.ts"
import type { Configuration } from "../configuration/configuration.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { JobService } from "../jobs/job-service.ts"
import type { EmbeddedRegistry } from "../registry/embedded/embedded-registry.ts"
import { type ProjectPlaces, placesOf } from "../registry/project-places.ts"
import type { Log } from "../runtime/runtime.ts"
import type { TargetService } from "../targets/target-service.ts"
import { checkProjectName, checkProjectPath, liesBelow, nameImport, type ProjectPlace } from "./project-place.ts"
import type { ImportRequest, ProjectService } from "./project-service.ts"

interface ProjectServiceOptions {
  readonly stores: Pick<Database, "projects" | "projectMembers" | "targets" | "audit">
  readonly jobs: Pick<JobService, "start" | "list" | "get">
  readonly targets: Pick<TargetService, "get">
  /** For projects without a target of their own. */
  readonly defaultTarget: Configuration["jobs"]["defaultTarget"]
  /** Where images of projects lie that have no target at all. */
  readonly embedded: Pick<EmbeddedRegistry, "host">
  /** Called after every change, which is then in force at /v2 too. */
  readonly changed: () => Promise<void>
  readonly log: Log
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
}

/** Projects over the store of one database; their imports are jobs. */
export function createProjectService(options: ProjectServiceOptions): ProjectService {
  return new Projects(options)
}

/** Most jobs that are looked through for one page of imports. */
const searchedPages = 20

class Projects implements ProjectService {
  readonly #options: ProjectServiceOptions
  readonly #now: () => number
  readonly #trail: AuditTrail

  constructor(options: ProjectServiceOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#trail = new AuditTrail(options.stores.audit, options.log, this.#now)
  }

  async list(actor: Actor): Promise<readonly Project[]> {
    requireScope(actor, "jobs:read")
    const { stores } = this.#options
    const places = await placesOf(actor, stores)
    return (await stores.projects.list()).filter((project) => this.#isVisible(project, places))
  }

  async get(actor: Actor, idOrName: string): Promise<Project> {
    requireScope(actor, "jobs:read")
    const { stores } = this.#options
    const { projects } = stores
    const found = /^\d{1,15}$/.test(idOrName) ? await projects.get(Number(idOrName)) : await projects.byName(idOrName)
    if (found === undefined || !this.#isVisible(found, await placesOf(actor, stores))) throw notFound()
    return found
  }

  async create(
    actor: Actor,
    { name, targetId = null, path = name, isPublic = false }: Parameters<ProjectService["create"]>[1],
  ): Promise<Project> {
    requireScope(actor, "admin")
    checkProjectName(name)
    checkProjectPath(path)
    if (targetId !== null) await this.#options.targets.get(actor, targetId)
    try {
      const project = await this.#options.stores.projects.create(
        { name, ownerId: actor.userId, targetId, path, isPublic },
        this.#now(),
      )
      await this.#options.changed()
      await this.#trail.ok(actor, "project.create", describe(project))
      return project
    } catch (error) {
      if (error instanceof NameTaken) throw new ServiceError("conflict", `there is a project ${name} already`)
      throw error
    }
  }

  async update(
    actor: Actor,
    id: number,
    { targetId, path, isPublic }: Parameters<ProjectService["update"]>[2],
  ): Promise<Project> {
    requireScope(actor, "admin")
    if (path !== undefined) checkProjectPath(path)
    if (targetId !== undefined && targetId !== null) await this.#options.targets.get(actor, targetId)
    const changes = {
      ...(targetId === undefined ? {} : { targetId }),
      ...(path === undefined ? {} : { path }),
      ...(isPublic === undefined ? {} : { isPublic }),
    }
    if (!(await this.#options.stores.projects.update(id, changes))) throw notFound()
    await this.#options.changed()
    const project = await this.get(actor, String(id))
    await this.#trail.ok(actor, "project.update", describe(project))
    return project
  }

  async remove(actor: Actor, id: number): Promise<void> {
    requireScope(actor, "admin")
    const project = await this.get(actor, String(id))
    try {
      if (!(await this.#options.stores.projects.remove(id))) throw notFound()
    } catch (error) {
      if (!(error instanceof ProjectNotEmpty)) throw error
      throw new ServiceError("conflict", `project ${project.name} still has images in the embedded registry: remove them first`)
    }
    await this.#options.changed()
    await this.#trail.ok(actor, "project.remove", describe(project))
  }

  async importImage(actor: Actor, idOrName: string, request: ImportRequest): Promise<Job> {
    requireScope(actor, "jobs:write")
    const project = await this.get(actor, idOrName)
    const place = await this.#place(project)
    if (place === undefined) throw new ServiceError("unavailable", `the target of project ${project.name} is gone`)
    if (project.targetId !== null) await this.#refuseHidden(actor, project, project.targetId)
    return this.#options.jobs.start(actor, {
      image: request.sourceUrl,
      targetImage: formatCanonical(nameImport(place, request)),
      ...(project.targetId === null ? {} : { target: { targetId: project.targetId } }),
      ...(request.auth === undefined ? {} : { sourceLogin: request.auth }),
    })
  }

  async imports(
    actor: Actor,
    idOrName: string,
    { before, limit, states }: { readonly before?: number; readonly limit: number; readonly states?: readonly JobState[] },
  ): Promise<JobPage> {
    const place = await this.#place(await this.get(actor, idOrName))
    if (place === undefined) return { jobs: [], next: null }
    const found: Job[] = []
    let cursor: number | null = before ?? null
    for (let page = 0; page < searchedPages; page++) {
      const { jobs, next } = await this.#options.jobs.list(actor, {
        limit: 200,
        host: place.host,
        everywhere: true,
        ...(place.path === "" ? {} : { search: `${place.path}/` }),
        ...(cursor === null ? {} : { before: cursor }),
        ...(states === undefined ? {} : { states }),
      })
      found.push(...jobs.filter((job) => liesBelow(place, job)))
      cursor = next
      if (cursor === null || found.length > limit) break
    }
    const jobs = found.slice(0, limit)
    return { jobs, next: found.length > limit ? (jobs.at(-1)?.id ?? null) : cursor }
  }

  async getImport(actor: Actor, idOrName: string, jobId: number): Promise<Job> {
    const place = await this.#place(await this.get(actor, idOrName))
    const job = await this.#options.jobs.get(actor, jobId)
    if (place === undefined || !liesBelow(place, job)) throw new ServiceError("not_found", "this project has no such import")
    return job
  }

  /** One whose images lie at another registry is everybody's to import into; of those in this one, private ones are their members' alone (S13). */
  #isVisible(project: Project, places: ProjectPlaces): boolean {
    const liesElsewhere = project.targetId !== null || this.#options.defaultTarget !== undefined
    return liesElsewhere || places.maySee(project)
  }

  /** Undefined where the project's target is gone. */
  async #place({ name, targetId, path }: Project): Promise<ProjectPlace | undefined> {
    if (targetId !== null) {
      const target = await this.#options.stores.targets.get(targetId)
      return target && { host: target.host, path }
    }
    if (this.#options.defaultTarget === undefined) {
      const within = path === "" || path === name ? "" : `/${path}`
      return { host: this.#options.embedded.host, path: `${name}${within}` }
    }
    const { host, project = "proxy" } = parseTargetBase(this.#options.defaultTarget.address)
    return { host, path: path === "" ? project : `${project}/${path}` }
  }

  /** The target may be somebody's own: then only they and administrators push through it. */
  async #refuseHidden(actor: Actor, project: Project, targetId: number): Promise<void> {
    try {
      await this.#options.targets.get(actor, targetId)
    } catch (cause) {
      if (!(cause instanceof ServiceError) || cause.code !== "not_found") throw cause
      throw new ServiceError(
        "unavailable",
        `the target of project ${project.name} is not shared with you: its owner or an administrator can share it`,
        { cause },
      )
    }
  }
}

function describe({ id, name }: Project): string {
  return `${name} (${id})`
}

function notFound(): ServiceError {
  return new ServiceError("not_found", "there is no such project")
}
