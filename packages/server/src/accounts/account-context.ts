import { randomBytes } from "node:crypto"
import type { Database } from "@entrepot/db/stores"
import type { Configuration } from "../configuration/configuration.ts"
import type { Log } from "../runtime/runtime.ts"
import { AuditTrail } from "./audit-trail.ts"
import { LiveCredentials } from "./live-credentials.ts"
import { LoginBackoff } from "./login-backoff.ts"
import { PasswordChecks } from "./password-checks.ts"
import type { Derive, ScryptCost } from "./password-hash.ts"

export interface AccountServiceOptions {
  readonly stores: Pick<Database, "users" | "sessions" | "apiKeys" | "audit" | "config">
  readonly settings: Configuration["accounts"]
  readonly log: Log
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
  readonly randomBytes?: (size: number) => Buffer
  /** In place of crypto.scrypt. */
  readonly derive?: Derive
  /** What a new password hash costs. */
  readonly cost?: ScryptCost
  /** Where other logins of this process are checked too: so many at once in all. */
  readonly passwords?: PasswordChecks
  /** Where guesses at other logins of this process are counted too: so many of an address in all. */
  readonly backoff?: LoginBackoff
}

/** What the parts of the account service share: stores, time, randomness, and the memory of one process. */
export interface AccountContext {
  readonly stores: AccountServiceOptions["stores"]
  readonly settings: Configuration["accounts"]
  readonly log: Log
  readonly now: () => number
  readonly randomBytes: (size: number) => Buffer
  readonly passwords: PasswordChecks
  readonly backoff: LoginBackoff
  readonly trail: AuditTrail
  readonly live: LiveCredentials
}

/** Makes it, with the clock and the randomness of this machine where none are given. */
export function createAccountContext(options: AccountServiceOptions): AccountContext {
  const now = options.now ?? Date.now
  const random = options.randomBytes ?? randomBytes
  return {
    stores: options.stores,
    settings: options.settings,
    log: options.log,
    now,
    randomBytes: random,
    passwords: options.passwords ?? new PasswordChecks({ now, randomBytes: random, derive: options.derive, cost: options.cost }),
    backoff: options.backoff ?? new LoginBackoff(now),
    trail: new AuditTrail(options.stores.audit, options.log, now),
    live: new LiveCredentials(),
  }
}
