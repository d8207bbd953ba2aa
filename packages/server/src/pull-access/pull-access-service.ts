import type { AccessRule, ProjectMember, PullUser } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"

/** A pull user without what the password is checked with. */
export type PullUserView = Omit<PullUser, "passwordHash">

/** Whether people need to log in for what is read through upstreams. */
export interface PullMode {
  readonly open: boolean
  /** REGISTRY_ANONYMOUS or ACCOUNTS have decided it: an administrator cannot. */
  readonly isConfigured: boolean
  /** It is open because nobody has decided otherwise: the first pull user or `allow` rule makes people log in. */
  readonly closesItself: boolean
}

/** What somebody meets who pulls an image and shows nothing. */
export interface AccessAnswer {
  /** As rules know it: `docker.io/library/nginx`, `team/app`; null for what is no name here. */
  readonly repository: string | null
  /** Whether they may. */
  readonly isLetIn: boolean
  /**
   * `denied`, `allowed`: by `rule`; `open`: nobody needs to log in; `login`: everybody else needs to; `public-project`, `project`: it is
   * hosted here, and its project says; `no-upstream`: no upstream is enabled for that registry; `no-name`: it cannot be the name of an image.
   */
  readonly reason: "denied" | "allowed" | "open" | "login" | "public-project" | "project" | "no-upstream" | "no-name"
  /** The rule that speaks of the image, whether it decides or not. */
  readonly rule: Pick<AccessRule, "effect" | "prefix"> | null
}

/**
 * Seed 3's users and whitelist, deny rules, and the members of projects: for administrators alone. Changes are in force when a method has resolved.
 * @throws ServiceError `forbidden` from every method.
 */
export interface PullAccessService {
  listUsers(actor: Actor): Promise<readonly PullUserView[]>
  /** The first one makes the registry one that people log in to. @throws ServiceError `invalid`, `conflict`. */
  createUser(actor: Actor, user: { readonly name: string; readonly password: string }): Promise<PullUserView>
  /** From a system that kept MD5 digests, in hexadecimal: hashed at once, and anew at the first login. @throws ServiceError as createUser. */
  importMd5User(actor: Actor, user: { readonly name: string; readonly md5: string }): Promise<PullUserView>
  /** Tokens that were issued before end, where password or `disabled` change. @throws ServiceError `not_found`, `invalid`. */
  updateUser(
    actor: Actor,
    id: number,
    changes: { readonly password?: string; readonly disabled?: boolean },
  ): Promise<PullUserView>
  /** @throws ServiceError `not_found`. */
  removeUser(actor: Actor, id: number): Promise<void>

  listRules(actor: Actor, effect?: AccessRule["effect"]): Promise<readonly AccessRule[]>
  /** The first `allow` makes the registry one that people log in to for everything else. @throws ServiceError `invalid`, `conflict`. */
  createRule(actor: Actor, rule: { readonly effect: AccessRule["effect"]; readonly prefix: string }): Promise<AccessRule>
  /** @throws ServiceError `not_found`. */
  removeRule(actor: Actor, id: number): Promise<void>
  /** By the registry's own reading of names and rules, for an image as it is written behind this server's address; tag and digest do not matter. */
  explain(actor: Actor, image: string): Promise<AccessAnswer>

  listMembers(actor: Actor, projectId?: number): Promise<readonly ProjectMember[]>
  /** Adds somebody, or changes the role. Pull users only ever pull. @throws ServiceError `not_found`, `invalid`. */
  putMember(actor: Actor, member: ProjectMember): Promise<void>
  /** @throws ServiceError `not_found`. */
  removeMember(actor: Actor, member: Omit<ProjectMember, "role">): Promise<void>

  mode(actor: Actor): Promise<PullMode>
  /** @throws ServiceError `conflict` where the configuration has decided. */
  setOpen(actor: Actor, open: boolean): Promise<PullMode>
}
