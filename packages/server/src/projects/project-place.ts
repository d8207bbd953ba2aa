import { checkReference, nameTarget, parseNamingRule, parsePasted, parseReference, type Reference } from "@entrepot/core"
import type { Job } from "@entrepot/db/stores"
import { isHostableProject } from "@entrepot/registry"
import { ServiceError } from "../errors/service-error.ts"
import type { ImportRequest } from "./project-service.ts"

/** Where a project's images lie: a registry, and the first components of the path there (none where it is empty). */
export interface ProjectPlace {
  readonly host: string
  readonly path: string
}

const longestName = 128
const longestPath = 200
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/

/**
 * A path component of the OCI distribution specification; no number, since numbers name projects too; and nothing that would stand before other
 * registries' images at /v2. @throws ServiceError `invalid`.
 */
export function checkProjectName(name: string): void {
  if (name.length > longestName || !component.test(name) || /^\d+$/.test(name)) {
    throw new ServiceError(
      "invalid",
      `a project is named like a part of an image name: at most ${longestName} of a-z and 0-9, with _ or - between them, and not a number`,
    )
  }
  if (isHostableProject(name)) return
  throw new ServiceError("invalid", `a project cannot be called ${name}: images of other registries are asked for by that name`)
}

/** @throws ServiceError `invalid`. */
export function checkProjectPath(path: string): void {
  if (path === "" || (path.length <= longestPath && path.split("/").every((part) => component.test(part)))) return
  throw new ServiceError("invalid", "a project's path is written like the path of an image: team/app")
}

/**
 * The name that an import gets: below the project's place, the source's last component and tag unless others are asked for (seed 1).
 * @throws TransferError `reference_invalid`.
 */
export function nameImport(place: ProjectPlace, { sourceUrl, targetImage, targetTag }: ImportRequest): Reference {
  const named = nameTarget(parsePasted(sourceUrl), { host: place.host, project: place.path }, parseNamingRule("basename"))
  const repository = targetImage === undefined ? named.repository : below(place, targetImage)
  return checkReference({ ...named, repository, ...(targetTag === undefined ? {} : { tag: targetTag }) })
}

/** Whether the job copies, or copied, to below that place. */
export function liesBelow(place: ProjectPlace, job: Job): boolean {
  if (job.kind !== "mirror" || job.targetHost !== place.host) return false
  try {
    return parseReference(job.target).repository.startsWith(below(place, ""))
  } catch {
    // A target that is no image name, a directory perhaps, lies in no project.
    return false
  }
}

function below({ path }: ProjectPlace, repository: string): string {
  return path === "" ? repository : `${path}/${repository}`
}
