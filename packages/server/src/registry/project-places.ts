import type { Database, Project, ProjectMember } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"

/** The project that images go to which name no target: everybody who may start jobs fills it. */
export const commonProject = "proxy"

/** What somebody may do with projects in the application. Whoever comes by `docker` is asked by the registry's own rules. */
export interface ProjectPlaces {
  /** An administrator. */
  readonly seesAll: boolean
  /** Undefined: none. Owners and administrators have `admin`. */
  roleIn(project: Project): ProjectMember["role"] | undefined
  /** Its images: those of public projects are everybody's to see. */
  maySee(project: Project): boolean
  /** By a job. */
  mayPush(project: Project): boolean
}

/** Looks up the places that somebody has now. */
export async function placesOf(
  { userId, role }: Pick<Actor, "userId" | "role">,
  { projectMembers }: Pick<Database, "projectMembers">,
): Promise<ProjectPlaces> {
  const seesAll = role === "admin"
  const members = seesAll ? [] : await projectMembers.list()
  const own = new Map(
    members.filter(({ kind, memberId }) => kind === "web-user" && memberId === userId).map((each) => [each.projectId, each.role]),
  )
  const roleIn = ({ id, ownerId }: Project) => (seesAll || ownerId === userId ? "admin" : own.get(id))
  return {
    seesAll,
    roleIn,
    maySee: (project) => project.isPublic || roleIn(project) !== undefined,
    mayPush: (project) => {
      const place = roleIn(project)
      return place === "push" || place === "admin" || project.name === commonProject
    },
  }
}
