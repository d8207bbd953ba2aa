import type { Job, Visibility } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { requireScope } from "../accounts/rights.ts"
import { ServiceError } from "../errors/service-error.ts"

/** Whose jobs somebody sees in lists: operators their own, administrators and viewers all. @throws ServiceError for tickets, which see one job. */
export function visibilityOf(actor: Actor): Visibility {
  requireScope(ownerOf(actor), "jobs:read")
  return actor.role === "operator" ? { ownerId: actor.userId } : "all"
}

/** @throws ServiceError for viewers and tickets. */
export function requireWriter(actor: Actor): void {
  requireScope(ownerOf(actor), "jobs:write")
}

/** The job, where the actor may see it. @throws ServiceError `not_found` for a foreign job as for none (S13). */
export function requireVisible(actor: Actor, job: Job | undefined): Job {
  if (actor.mustChange) visibilityOf(actor)
  if (job === undefined || !isVisible(actor, job)) throw noSuchJob()
  return job
}

/** The answer for a job that is not there, or is somebody else's: nobody learns which. */
export function noSuchJob(): ServiceError {
  return new ServiceError("not_found", "there is no such job")
}

/** What a key's scopes permit was settled where its request came in; its owner's role counts here. */
function ownerOf({ scopes: _, ...person }: Actor): Actor {
  return person
}

function isVisible(actor: Actor, job: Job): boolean {
  if (actor.via === "ticket" && job.id !== actor.jobId) return false
  return actor.role !== "operator" || job.ownerId === actor.userId
}
