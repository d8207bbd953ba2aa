import type { Job, JobPage, JobState, Project } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import type { Login } from "../jobs/job-service.ts"

/** Seed 1's request, in our own spelling. */
export interface ImportRequest {
  readonly sourceUrl: string
  readonly targetImage?: string | undefined
  readonly targetTag?: string | undefined
  /** For the source. */
  readonly auth?: Login | undefined
}

/**
 * Namespaces that images are imported into. Administrators make and see all of them; others see those that lie at another registry, and of those in this
 * server's own the public ones, theirs, and those that they have a place in. What is not seen is not found.
 */
export interface ProjectService {
  list(actor: Actor): Promise<readonly Project[]>
  /** By number or name. @throws ServiceError `not_found`. */
  get(actor: Actor, idOrName: string): Promise<Project>
  create(
    actor: Actor,
    project: {
      readonly name: string
      readonly targetId?: number | null
      readonly path?: string
      /** Anybody may pull what is in it. Default false. */
      readonly isPublic?: boolean
    },
  ): Promise<Project>
  update(actor: Actor, id: number, changes: Partial<Pick<Project, "targetId" | "path" | "isPublic">>): Promise<Project>
  remove(actor: Actor, id: number): Promise<void>
  /** A job that copies the image to the project: to its target, the default one, or into the embedded registry. @throws ServiceError `forbidden`, `unavailable`. */
  importImage(actor: Actor, idOrName: string, request: ImportRequest): Promise<Job>
  /** Jobs that copy into the project (their target lies below its place), newest first, as far as the actor may see them. */
  imports(
    actor: Actor,
    idOrName: string,
    query: { readonly before?: number; readonly limit: number; readonly states?: readonly JobState[] },
  ): Promise<JobPage>
  /** One of them. @throws ServiceError `not_found`, also for a job of another project. */
  getImport(actor: Actor, idOrName: string, jobId: number): Promise<Job>
}
