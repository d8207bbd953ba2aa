import type { Project, Repository } from "@entrepot/db/stores"
import type { ProjectPlaces } from "./project-places.ts"

/**
 * Whether somebody may know of a repository at all: its name is a secret where it is not. What somebody read through upstreams with a login of their own
 * is shown to administrators alone. @param projects by their numbers; one that is not among them is nobody's to see
 */
export function isVisibleRepository(
  { projectId, shared }: Pick<Repository, "projectId" | "shared">,
  places: ProjectPlaces,
  projects: ReadonlyMap<number, Project>,
): boolean {
  if (places.seesAll) return true
  if (projectId === null) return shared
  const project = projects.get(projectId)
  return project !== undefined && places.maySee(project)
}
