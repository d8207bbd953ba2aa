import { createHash } from "node:crypto"
import type { AccessRule, ApiKey, Project, ProjectMember, PullUser, WebUser } from "@entrepot/db/stores"
import type { Action, ProjectRights, Subject } from "@entrepot/registry"
import { isCovered, scopesWithin } from "../accounts/rights.ts"
import { PrefixSet } from "./prefix-set.ts"

/** What the database says of rights, all read at one time. */
export interface AccessRecords {
  readonly pullUsers: readonly PullUser[]
  readonly webUsers: readonly WebUser[]
  readonly keys: readonly ApiKey[]
  readonly rules: readonly AccessRule[]
  readonly projects: readonly Project[]
  readonly members: readonly ProjectMember[]
  /** `true`: people need to log in; `false`: an administrator said that they need not; undefined: never decided. */
  readonly restricted: boolean | undefined
}

/** The same, made to be asked on every request. */
export class AccessSnapshot {
  readonly whitelist: PrefixSet
  readonly denied: PrefixSet
  readonly projects: ReadonlyMap<string, ProjectRights>
  readonly restricted: boolean
  /** Whether somebody has decided it, or the first user or rule. */
  readonly isDecided: boolean
  readonly hasPullUsers: boolean
  /** By id, those that may log in. */
  readonly #pullUsers: ReadonlyMap<number, Subject>
  readonly #keys: ReadonlyMap<string, ApiKey>
  readonly #webUsers: ReadonlyMap<number, WebUser>

  constructor(records: AccessRecords) {
    const { pullUsers, rules, projects, members, keys, webUsers } = records
    this.whitelist = new PrefixSet(rules.filter(({ effect }) => effect === "allow").map(({ prefix }) => prefix))
    this.denied = new PrefixSet(rules.filter(({ effect }) => effect === "deny").map(({ prefix }) => prefix))
    this.projects = new Map(projects.map((project) => [project.name, rightsIn(project, members)]))
    this.hasPullUsers = pullUsers.length > 0
    this.isDecided = records.restricted !== undefined
    this.restricted = records.restricted ?? (this.hasPullUsers || this.whitelist.size > 0)
    this.#pullUsers = new Map(pullUsers.filter(({ disabled }) => !disabled).map((user) => [user.id, subjectOfUser(user)]))
    this.#keys = new Map(keys.map((key) => [key.id, key]))
    this.#webUsers = new Map(webUsers.map((user) => [user.id, user]))
  }

  /** Whether a pull user or key still is what it was, with rights that are not fewer. */
  stands(subject: Subject, now: number): boolean {
    if (subject.kind === "pull-user") {
      const present = this.#pullUsers.get(subject.id)
      return present !== undefined && present.name === subject.name && present.credential === subject.credential
    }
    const present = subject.kind === "key" ? this.#subjectOfKey(subject.credential, now) : undefined
    if (present === undefined || present.id !== subject.id || (subject.isAdmin && !present.isAdmin)) return false
    return subject.ceiling.every((action) => present.ceiling.includes(action))
  }

  #subjectOfKey(id: string, now: number): Subject | undefined {
    const key = this.#keys.get(id)
    const owner = key && this.#webUsers.get(key.userId)
    if (key === undefined || owner === undefined || owner.disabled || (key.expiresAt !== null && now >= key.expiresAt))
      return undefined
    return subjectOfKey(key.id, owner, scopesWithin(owner.role, key.scopes))
  }
}

/** Somebody who has shown a pull user's password. Another password is another credential. */
export function subjectOfUser({ id, name, passwordHash }: PullUser): Subject {
  const credential = createHash("sha256").update(passwordHash).digest("base64url").slice(0, 22)
  return { kind: "pull-user", name, id, ceiling: ["pull"], isAdmin: false, credential }
}

/** Whoever holds a key; undefined for one that was made for other things. `scopes` are those that the owner's role still allows. */
export function subjectOfKey(keyId: string, owner: Pick<WebUser, "id" | "name">, scopes: ApiKey["scopes"]): Subject | undefined {
  if (!isCovered("pull", scopes)) return undefined
  const isAdmin = scopes.includes("admin")
  const ceiling: readonly Action[] = isAdmin
    ? ["pull", "push", "delete", "catalog"]
    : isCovered("push", scopes)
      ? ["pull", "push"]
      : ["pull"]
  return { kind: "key", name: owner.name, id: owner.id, ceiling, isAdmin, credential: keyId }
}

const roleActions: Readonly<Record<ProjectMember["role"], readonly Action[]>> = {
  pull: ["pull"],
  push: ["pull", "push"],
  admin: ["pull", "push", "delete"],
}

const none: readonly Action[] = []

/** The owner's keys can do what an administrator of the project's can. */
function rightsIn({ id, name, ownerId, isPublic }: Project, all: readonly ProjectMember[]): ProjectRights {
  const members = new Map(
    all.filter(({ projectId }) => projectId === id).map(({ kind, memberId, role }) => [`${kind} ${memberId}`, roleActions[role]]),
  )
  return {
    id,
    name,
    isPublic,
    actionsOf: ({ kind, id: memberId }) => {
      if (kind !== "pull-user" && kind !== "key") return none
      if (kind === "key" && memberId === ownerId) return roleActions.admin
      return members.get(`${kind === "key" ? "web-user" : kind} ${memberId}`) ?? none
    },
  }
}
