import { createHash } from "node:crypto"
import type { Database, PullUser } from "@entrepot/db/stores"
import { type Authenticator, RegistryError, type Subject } from "@entrepot/registry"
import type { AccountService } from "../accounts/account-service.ts"
import { AuditTrail } from "../accounts/audit-trail.ts"
import type { Attempt, LoginBackoff } from "../accounts/login-backoff.ts"
import type { PasswordChecks } from "../accounts/password-checks.ts"
import { RecentMap } from "../accounts/recent-map.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { Log } from "../runtime/runtime.ts"
import { subjectOfKey, subjectOfUser } from "./access-snapshot.ts"
import type { ConfiguredAccounts } from "./configured-accounts.ts"
import { unwrapHash } from "./imported-hash.ts"
import type { LiveAccess } from "./live-access.ts"

export interface AuthenticatorOptions {
  readonly stores: Pick<Database, "pullUsers" | "audit">
  readonly live: LiveAccess
  readonly accounts: ConfiguredAccounts
  /** Keys are the account service's to judge, under its own backoff. */
  readonly keys: Pick<AccountService, "byBearer">
  readonly passwords: PasswordChecks
  readonly backoff: LoginBackoff
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const longestName = 256
const longestPassword = 1024
/** Somebody who logs in again and again is audited so often. */
const tellEveryMs = 3_600_000

/**
 * Checks logins at the token endpoint: keys, ACCOUNTS, pull users. Web users have no password there: theirs is as wrong as any, and takes as long
 * (RELIABILITY S16, section 3 "Two populations").
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  return new PullAuthenticator(options)
}

class PullAuthenticator implements Authenticator {
  readonly #options: AuthenticatorOptions
  readonly #trail: AuditTrail
  readonly #told = new RecentMap<string, number>(10_000)

  constructor(options: AuthenticatorOptions) {
    this.#options = options
    this.#trail = new AuditTrail(options.stores.audit, options.log, options.now)
  }

  async authenticate(username: string, password: string, address: string): Promise<Subject | undefined> {
    const subject = hasKeyShape(password)
      ? await translated(() => this.#byKey(password, address))
      : await this.#attempt(`pull ${username}`, username, address, () => this.#byPassword(username, password))
    if (subject === undefined || this.#options.live.stands(subject)) return subject
    // Another process may have made it a moment ago.
    await this.#options.live.refresh()
    return this.#options.live.stands(subject) ? subject : undefined
  }

  stands(subject: Subject): boolean {
    return this.#options.live.stands(subject)
  }

  claims(_username: string, password: string): boolean {
    return hasKeyShape(password) || this.#options.live.hasLogins
  }

  async underBackoff(username: string, address: string, check: () => Promise<boolean>): Promise<boolean> {
    const right = await this.#attempt(`upstream ${username}`, username, address, async () => (await check()) || undefined)
    return right ?? false
  }

  async #byKey(key: string, address: string): Promise<Subject | undefined> {
    const actor = await this.#options.keys.byBearer(key, address)
    if (actor === undefined || actor.via !== "key") return undefined
    return subjectOfKey(actor.credentialId, { id: actor.userId, name: actor.name }, actor.scopes ?? [])
  }

  async #byPassword(username: string, password: string): Promise<Subject | undefined> {
    const { stores, passwords, accounts } = this.#options
    const account = accounts.find(username, password)
    if (account) return account
    const user = await stores.pullUsers.byName(username.slice(0, longestName))
    const { hash, isMd5 } = unwrapHash(user?.passwordHash)
    const given = password.slice(0, longestPassword + 1)
    const verdict = await passwords.verify(isMd5 ? md5(password) : given, hash)
    if (verdict === "wrong" || user === undefined || user.disabled) return undefined
    return subjectOfUser(isMd5 || verdict === "outdated" ? await this.#renewHash(user, given) : user)
  }

  /** Hashes of an older kind are made anew as soon as their password is at hand. */
  async #renewHash(user: PullUser, password: string): Promise<PullUser> {
    const { stores, passwords, live, now } = this.#options
    const passwordHash = await passwords.hash(password)
    await stores.pullUsers.update(user.id, { passwordHash }, now())
    await live.refresh()
    return { ...user, passwordHash }
  }

  /** Runs one guess under backoff; undefined is a wrong one. */
  async #attempt<Result>(
    account: string,
    name: string,
    address: string,
    guess: () => Promise<Result | undefined>,
  ): Promise<Result | undefined> {
    return translated(async () => {
      const attempt: Attempt = this.#options.backoff.begin(account, address)
      let result: Result | undefined
      try {
        result = await guess()
      } catch (error) {
        attempt.dropped()
        throw error
      }
      if (result === undefined) attempt.failed()
      else attempt.succeeded()
      await this.#tell(account, { userId: null, name, address }, result !== undefined)
      return result
    })
  }

  async #tell(
    account: string,
    doer: { readonly userId: null; readonly name: string; readonly address: string },
    right: boolean,
  ): Promise<void> {
    const { now } = this.#options
    if (!right) return this.#trail.refused(doer, "registry.login", account)
    const who = `${account} ${doer.address}`
    if (now() - (this.#told.get(who) ?? Number.NEGATIVE_INFINITY) < tellEveryMs) return
    this.#told.set(who, now())
    await this.#trail.ok(doer, "registry.login", account)
  }
}

function hasKeyShape(password: string): boolean {
  return password.startsWith("ept_")
}

function md5(password: string): string {
  return createHash("md5").update(password).digest("hex")
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== "too_many") throw error
    const { retryAfterSeconds = 1, message } = error
    throw new RegistryError("TOOMANYREQUESTS", message, { retryAfterS: retryAfterSeconds, cause: error })
  }
}
