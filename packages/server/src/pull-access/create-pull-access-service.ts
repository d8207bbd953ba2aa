import { type AccessRule, type Database, NameTaken } from "@entrepot/db/stores"
import type { UpstreamList } from "@entrepot/registry"
import type { Actor } from "../accounts/actor.ts"
import { AuditTrail } from "../accounts/audit-trail.ts"
import type { PasswordChecks } from "../accounts/password-checks.ts"
import { requireScope } from "../accounts/rights.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { Log } from "../runtime/runtime.ts"
import { explainAccess } from "./explain-access.ts"
import type { LiveAccess } from "./live-access.ts"
import type { PullAccessContext } from "./pull-access-context.ts"
import type { PullAccessService, PullMode } from "./pull-access-service.ts"
import { PullUsers } from "./pull-users.ts"
import { normalizePrefix } from "./rule-prefix.ts"

export interface PullAccessServiceOptions {
  readonly stores: Pick<Database, "pullUsers" | "accessRules" | "projectMembers" | "audit">
  readonly live: LiveAccess
  /** What is read through: names are looked up among them. */
  readonly upstreams: UpstreamList
  readonly passwords: PasswordChecks
  readonly log: Log
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
}

/** Pull users, rules and members over the stores of one database. */
export function createPullAccessService({
  now = Date.now,
  log,
  upstreams,
  ...options
}: PullAccessServiceOptions): PullAccessService {
  const context: PullAccessContext = { ...options, now, trail: new AuditTrail(options.stores.audit, log, now) }
  const { stores, live, trail } = context
  const users = new PullUsers(context)
  const mode = (): PullMode => ({ open: live.open, isConfigured: live.isConfigured, closesItself: live.closesItself })

  return {
    listUsers: (actor) => users.list(actor),
    createUser: (actor, user) => users.create(actor, user),
    importMd5User: (actor, user) => users.importMd5(actor, user),
    updateUser: (actor, id, changes) => users.update(actor, id, changes),
    removeUser: (actor, id) => users.remove(actor, id),

    listRules: async (actor, effect) => {
      requireScope(actor, "admin")
      return stores.accessRules.list(effect)
    },
    createRule: (actor, rule) => createRule(context, actor, rule),
    removeRule: async (actor, id) => {
      requireScope(actor, "admin")
      const rule = (await stores.accessRules.list()).find((each) => each.id === id)
      if (rule === undefined || !(await stores.accessRules.remove(id)))
        throw new ServiceError("not_found", "there is no such rule")
      await live.refresh()
      await trail.ok(actor, "access-rule.remove", describeRule(rule))
    },
    explain: async (actor, image) => {
      requireScope(actor, "admin")
      await live.refresh()
      return explainAccess(image, upstreams, live)
    },

    listMembers: async (actor, projectId) => {
      requireScope(actor, "admin")
      return stores.projectMembers.list(projectId)
    },
    putMember: async (actor, member) => {
      requireScope(actor, "admin")
      if (member.kind === "pull-user" && member.role !== "pull") {
        throw new ServiceError("invalid", "a pull user only pulls: pushing takes the key of a web user")
      }
      if (!(await stores.projectMembers.put(member))) throw new ServiceError("not_found", "there is no such project or person")
      await live.refresh()
      const { projectId, kind, memberId, role } = member
      await trail.ok(actor, "project-member.put", `project ${projectId}: ${kind} ${memberId} (${role})`)
    },
    removeMember: async (actor, { projectId, kind, memberId }) => {
      requireScope(actor, "admin")
      if (!(await stores.projectMembers.remove(projectId, kind, memberId))) {
        throw new ServiceError("not_found", "there is no such member")
      }
      await live.refresh()
      await trail.ok(actor, "project-member.remove", `project ${projectId}: ${kind} ${memberId}`)
    },

    mode: async (actor) => {
      requireScope(actor, "admin")
      return mode()
    },
    setOpen: async (actor, open) => {
      requireScope(actor, "admin")
      if (live.isConfigured) {
        throw new ServiceError("conflict", "ACCOUNTS or REGISTRY_ANONYMOUS decides whether people log in to pull")
      }
      await live.setOpen(open)
      await trail.ok(actor, "registry.open", open ? "everybody pulls" : "people log in to pull")
      return mode()
    },
  }
}

async function createRule(
  { stores, live, trail, now }: PullAccessContext,
  actor: Actor,
  { effect, prefix }: Pick<AccessRule, "effect" | "prefix">,
): Promise<AccessRule> {
  requireScope(actor, "admin")
  const wanted = { effect, prefix: normalizePrefix(prefix) }
  // Before there is a rule: a registry that dies in between asks for logins rather than none.
  if (effect === "allow") await live.restrict()
  try {
    const rule = await stores.accessRules.create(wanted, now())
    await live.refresh()
    await trail.ok(actor, "access-rule.create", describeRule(rule))
    return rule
  } catch (error) {
    if (error instanceof NameTaken) throw new ServiceError("conflict", `there is a rule to ${describeRule(wanted)} already`)
    throw error
  }
}

function describeRule({ effect, prefix }: Pick<AccessRule, "effect" | "prefix">): string {
  return `${effect} ${prefix}`
}
