import type { Role, Scope } from "@entrepot/db/stores"
import { ServiceError } from "../errors/service-error.ts"
import type { Actor } from "./actor.ts"

/** What each scope of a key allows; people have all that their role allows. */
const covers: Readonly<Record<Scope, readonly Scope[]>> = {
  admin: ["admin", "jobs:write", "jobs:read", "push", "pull"],
  "jobs:write": ["jobs:write", "jobs:read"],
  "jobs:read": ["jobs:read"],
  push: ["push", "pull"],
  pull: ["pull"],
}

/** Whether one of a key's scopes allows what this scope stands for. */
export function isCovered(scope: Scope, own: readonly Scope[]): boolean {
  return own.some((held) => covers[held].includes(scope))
}

/** The most that keys of somebody with this role can do: the role is their ceiling. */
const ceiling: Readonly<Record<Role, readonly Scope[]>> = {
  admin: ["admin", "jobs:write", "jobs:read", "push", "pull"],
  operator: ["jobs:write", "jobs:read", "push", "pull"],
  viewer: ["jobs:read", "pull"],
}

/** Those of `wanted` that somebody with this role can hand to a key. */
export function scopesWithin(role: Role, wanted: readonly Scope[]): readonly Scope[] {
  return wanted.filter((scope) => ceiling[role].includes(scope))
}

/** Whether role and scopes together permit it. A session that must change its token is permitted nothing. */
export function isPermitted(actor: Actor, scope: Scope): boolean {
  if (actor.mustChange || !ceiling[actor.role].includes(scope)) return false
  return actor.scopes === undefined || isCovered(scope, actor.scopes)
}

/** Tickets speak of one job, and open nothing that is asked for here. @throws ServiceError `token_change_required`, `forbidden`. */
export function requireScope(actor: Actor, scope: Scope): void {
  if (actor.mustChange) throw new ServiceError("token_change_required", "change the token first: everybody knows this one")
  if (actor.via === "ticket") throw new ServiceError("forbidden", "a ticket opens one job, and nothing else")
  if (isPermitted(actor, scope)) return
  throw new ServiceError(
    "forbidden",
    actor.via === "key" && ceiling[actor.role].includes(scope)
      ? `this key lacks the scope ${scope}`
      : `the role ${actor.role} does not permit this`,
  )
}

/** What keys must not do, since it would outlive them: handing out keys, changing passwords. @throws ServiceError as requireScope. */
export function requirePerson(actor: Actor): void {
  if (actor.mustChange) requireScope(actor, "jobs:read")
  if (actor.via === "key" || actor.via === "ticket") {
    throw new ServiceError("forbidden", "only somebody who is logged in can do this, not a key")
  }
}
