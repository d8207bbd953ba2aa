/** A namespace that images are imported into. Until it has a target its images live in the embedded registry. */
export interface Project {
  readonly id: number
  readonly name: string
  readonly ownerId: number
  /** Saved target that its images are pushed to, below `path`. */
  readonly targetId: number | null
  /** First components of its repositories at the target. */
  readonly path: string
  readonly createdAt: number
  /** Everybody may pull from its repositories in the embedded registry. */
  readonly isPublic: boolean
}

/** A project still has repositories in the embedded registry. */
export class ProjectNotEmpty extends Error {
  override readonly name = "ProjectNotEmpty"
}

/** A project before it has a number; private where nothing is said. */
export type NewProject = Omit<Project, "id" | "createdAt" | "isPublic"> & Partial<Pick<Project, "isPublic">>

/** The projects of seed 1's paths. */
export interface ProjectStore {
  /** @throws NameTaken. */
  create(project: NewProject, at: number): Promise<Project>
  get(id: number): Promise<Project | undefined>
  byName(name: string): Promise<Project | undefined>
  list(): Promise<readonly Project[]>
  update(id: number, changes: Partial<Pick<Project, "targetId" | "path" | "isPublic">>): Promise<boolean>
  /** With the places of its members. @throws ProjectNotEmpty. */
  remove(id: number): Promise<boolean>
}
