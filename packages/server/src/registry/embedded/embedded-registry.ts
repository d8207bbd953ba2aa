import { isIPv6 } from "node:net"
import { type Reference, type TargetStore, TransferError } from "@entrepot/core"
import { type Database, NameTaken, type Project } from "@entrepot/db/stores"
import { type HostedRepository, isHostableProject } from "@entrepot/registry"
import type { Actor } from "../../accounts/actor.ts"
import type { Configuration } from "../../configuration/configuration.ts"
import { ServiceError } from "../../errors/service-error.ts"
import { isOwnAddress } from "../../jobs/own-address.ts"
import { commonProject, placesOf } from "../project-places.ts"
import { hostedTarget } from "./hosted-target.ts"

export interface EmbeddedRegistryOptions {
  readonly stores: Pick<Database, "projects" | "projectMembers" | "users">
  readonly configuration: Pick<Configuration, "listen" | "publicUrl" | "registry">
  readonly hosted: (repository: { readonly name: string; readonly projectId: number }) => HostedRepository
  /** Called after a project was made, which then stands at /v2 too. */
  readonly changed: () => Promise<void>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** This server's own registry as a place that copies go to. */
export interface EmbeddedRegistry {
  /** As references name it, and `docker pull` takes it: `mirror.example.com`, `localhost:8080`. */
  readonly host: string
  /** Whether references to that registry lead here. */
  isOwn(registry: string): boolean
  /** Whether clients reach it by that name without TLS, as far as it is known here. */
  isPlain(registry: string): boolean
  /** The project of images that name no target; made where there is none. */
  ensureCommonProject(): Promise<Project>
  /** @throws TransferError `not_found` without the project; ServiceError `forbidden` for somebody who may not push there. */
  checkPush(actor: Pick<Actor, "userId" | "role">, reference: Reference): Promise<void>
  /** Undefined: it is another registry. @throws TransferError `not_found` without the project. */
  openTarget(reference: Reference): Promise<TargetStore | undefined>
}

/** The embedded registry over the projects of one database and the warehouse of this process. */
export function createEmbeddedRegistry(options: EmbeddedRegistryOptions): EmbeddedRegistry {
  const { stores, configuration, hosted, now } = options
  const host = embeddedHost(configuration)

  async function projectOf({ repository }: Reference): Promise<Project> {
    const [name = "", ...rest] = repository.split("/")
    const project = name === commonProject ? await ensureCommonProject() : await stores.projects.byName(name)
    if (project !== undefined && rest.length > 0) {
      if (isHostableProject(name)) return project
      throw new TransferError(
        "not_found",
        `images of project ${name} cannot be here: other registries' images are asked for by that name`,
        {
          side: "target",
          host,
          hint: "give the project a target, or make another one",
        },
      )
    }
    throw new TransferError("not_found", `this server has no project ${name}`, {
      side: "target",
      host,
      hint: "name one that is there: HOST/PROJECT/IMAGE; an administrator makes projects",
    })
  }

  async function ensureCommonProject(): Promise<Project> {
    const { projects, users } = stores
    const found = await projects.byName(commonProject)
    if (found !== undefined) return found
    const [owner] = await users.list()
    try {
      const project = { name: commonProject, ownerId: owner?.id ?? 1, targetId: null, path: commonProject, isPublic: true }
      const made = await projects.create(project, now())
      await options.changed()
      return made
    } catch (error) {
      // Another process was faster.
      const made = error instanceof NameTaken ? await projects.byName(commonProject) : undefined
      if (made === undefined) throw error
      return made
    }
  }

  return {
    host,
    isOwn: (registry) => isOwnAddress(registry, configuration),
    isPlain: (registry) => !isBehindTls(registry, configuration),
    ensureCommonProject,
    async checkPush(actor, reference) {
      const project = await projectOf(reference)
      if ((await placesOf(actor, stores)).mayPush(project)) return
      throw new ServiceError("forbidden", `you have no place in project ${project.name} from which to push`)
    },
    async openTarget(reference) {
      if (!isOwnAddress(reference.registry, configuration)) return undefined
      const project = await projectOf(reference)
      return hostedTarget(hosted({ name: reference.repository, projectId: project.id }), host)
    },
  }
}

/** One of its addresses says so. */
function isBehindTls(
  registry: string,
  { publicUrl, registry: { self } }: Pick<Configuration, "publicUrl" | "registry">,
): boolean {
  const named = [publicUrl, self].flatMap((url) => (url === undefined ? [] : [new URL(url)]))
  return named.some(({ protocol, host }) => protocol === "https:" && host === registry.toLowerCase().replace(/:443$/, ""))
}

/** What clients write before the name of an image that is here. */
export function embeddedHost({ listen, registry }: Pick<Configuration, "listen" | "registry">): string {
  if (registry.self !== undefined) return new URL(registry.self).host
  const isEverywhere = ["0.0.0.0", "::", "[::]", ""].includes(listen.host)
  const name = isEverywhere ? "localhost" : isIPv6(listen.host) ? `[${listen.host}]` : listen.host
  return `${name}:${listen.port}`
}
