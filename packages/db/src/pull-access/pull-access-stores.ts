/** Somebody who may `docker login`, and nothing else. Times: milliseconds since 1970. */
export interface PullUser {
  readonly id: number
  readonly name: string
  readonly passwordHash: string
  readonly disabled: boolean
  readonly createdAt: number
  readonly updatedAt: number
}

export interface PullUserStore {
  /** @throws NameTaken. */
  create(user: Pick<PullUser, "name" | "passwordHash">, at: number): Promise<PullUser>
  get(id: number): Promise<PullUser | undefined>
  byName(name: string): Promise<PullUser | undefined>
  list(): Promise<readonly PullUser[]>
  update(id: number, changes: { readonly passwordHash?: string; readonly disabled?: boolean }, at: number): Promise<boolean>
  remove(id: number): Promise<boolean>
}

/** A prefix of names, whole path components: `helloz`, `gcr.io/google-containers`. */
export interface AccessRule {
  readonly id: number
  /** `allow`: anonymous pulls (seed 3's whitelist); `deny`: nobody's pulls. */
  readonly effect: "allow" | "deny"
  readonly prefix: string
  readonly createdAt: number
}

export interface AccessRuleStore {
  /** @throws NameTaken for an effect and prefix that are there. */
  create(rule: Pick<AccessRule, "effect" | "prefix">, at: number): Promise<AccessRule>
  list(effect?: AccessRule["effect"]): Promise<readonly AccessRule[]>
  remove(id: number): Promise<boolean>
}

/** Somebody's place in a project: a pull user's, or a web user's (whose API keys carry it). */
export interface ProjectMember {
  readonly projectId: number
  readonly kind: "pull-user" | "web-user"
  readonly memberId: number
  /** `pull`; `push` pulls and pushes; `admin` deletes too. */
  readonly role: "pull" | "push" | "admin"
}

export interface ProjectMemberStore {
  /** Adds, or changes the role. False where project or person is not there. */
  put(member: ProjectMember): Promise<boolean>
  list(projectId?: number): Promise<readonly ProjectMember[]>
  remove(projectId: number, kind: ProjectMember["kind"], memberId: number): Promise<boolean>
}
