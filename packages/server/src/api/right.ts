import type { Role, Scope } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { isCovered } from "../accounts/rights.ts"
import { ServiceError } from "../errors/service-error.ts"

/** Who may do something. */
export interface Right {
  /** `anyone` without being logged in; a role, and those above it. */
  readonly who: "anyone" | Role
  /** Scope that a key needs beside its owner's role; `any` key, or `none` at all. */
  readonly keys: Scope | "any" | "none"
  /** Also for a session that can do nothing else until it has changed its token (RELIABILITY S15). */
  readonly beforeChange?: true
  /** A ticket for the job in question is enough. */
  readonly ticket?: true
}

const rank = { viewer: 0, operator: 1, admin: 2 } as const satisfies Record<Role, number>

/**
 * Lets an actor pass, or says why not. Without a right nobody passes.
 * @throws ServiceError `unauthenticated`, `token_change_required`, `forbidden`.
 */
export function checkRight(right: Right | undefined, actor: Actor | undefined): void {
  if (right === undefined) throw new ServiceError("forbidden", "nobody may do this")
  if (right.who === "anyone") return
  if (actor === undefined) throw new ServiceError("unauthenticated", "this needs a login")
  if (actor.mustChange && right.beforeChange !== true) {
    throw new ServiceError("token_change_required", "the default token has to be changed before anything else")
  }
  if (actor.via === "ticket" && right.ticket !== true)
    throw new ServiceError("forbidden", "a ticket is for following its job alone")
  if (rank[actor.role] < rank[right.who]) {
    throw new ServiceError("forbidden", `this needs the role ${right.who}`)
  }
  if (actor.via === "key") checkScope(right.keys, actor.scopes ?? [])
}

function checkScope(needed: Right["keys"], scopes: readonly Scope[]): void {
  if (needed === "any") return
  if (needed === "none") throw new ServiceError("forbidden", "this is for people, not for keys")
  if (!isCovered(needed, scopes)) throw new ServiceError("forbidden", `the key lacks the scope ${needed}`)
}
