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
}

/** The projects of seed 1's paths. */
export interface ProjectStore {
  /** @throws NameTaken. */
  create(project: Omit<Project, "id" | "createdAt">, at: number): Promise<Project>
  get(id: number): Promise<Project | undefined>
  byName(name: string): Promise<Project | undefined>
  list(): Promise<readonly Project[]>
  update(id: number, changes: { readonly targetId?: number | null; readonly path?: string }): Promise<boolean>
  remove(id: number): Promise<boolean>
}
