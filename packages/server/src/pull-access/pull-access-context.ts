import type { Database } from "@entrepot/db/stores"
import type { AuditTrail } from "../accounts/audit-trail.ts"
import type { PasswordChecks } from "../accounts/password-checks.ts"
import type { LiveAccess } from "./live-access.ts"

/** What the parts of the service share. */
export interface PullAccessContext {
  readonly stores: Pick<Database, "pullUsers" | "accessRules" | "projectMembers">
  readonly live: LiveAccess
  readonly passwords: PasswordChecks
  readonly trail: AuditTrail
  readonly now: () => number
}
