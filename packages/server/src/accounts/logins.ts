import { createHash, timingSafeEqual } from "node:crypto"
import type { WebUser } from "@entrepot/db/stores"
import { ServiceError } from "../errors/service-error.ts"
import type { AccountContext } from "./account-context.ts"
import type { LoggedIn, LoginOrigin } from "./account-service.ts"
import type { Actor } from "./actor.ts"
import type { Attempt } from "./login-backoff.ts"
import { requirePerson } from "./rights.ts"
import type { Sessions } from "./sessions.ts"
import type { StoredToken } from "./stored-token.ts"
import { firstUserName, type Users } from "./users.ts"

const longestSecret = 1024

/** Who comes in, by token or password, and how these are changed by those who know them. */
export class Logins {
  readonly #context: AccountContext
  readonly #users: Users
  readonly #sessions: Sessions
  readonly #token: StoredToken

  constructor(context: AccountContext, users: Users, sessions: Sessions, token: StoredToken) {
    this.#context = context
    this.#users = users
    this.#sessions = sessions
    this.#token = token
  }

  /** @throws ServiceError `login_refused`, `too_many`. */
  async withToken(token: string, { address }: LoginOrigin, setupCode?: string): Promise<LoggedIn> {
    const doer = { userId: null, name: "token", address }
    return this.#attempt("token", doer, "login", async () => {
      const right = await this.#token.verify(token.slice(0, longestSecret + 1))
      const opened = right === undefined || !right.known || this.#opensSetup(setupCode)
      const user = right && opened ? await this.#users.first() : undefined
      if (right === undefined || user === undefined || user.disabled) return undefined
      return this.#openWhile(user, right.known, address, async () => (await this.#token.version()) === right.version)
    })
  }

  /** @throws ServiceError `login_refused`, `too_many`. */
  async withPassword(name: string, password: string, { address }: LoginOrigin): Promise<LoggedIn> {
    const { stores, passwords } = this.#context
    const doer = { userId: null, name, address }
    return this.#attempt(`user ${name}`, doer, "login", async () => {
      const user = await stores.users.byName(name.slice(0, 256))
      const verdict = await passwords.verify(password.slice(0, longestSecret + 1), user?.passwordHash)
      if (verdict === "wrong" || user === undefined || user.disabled) return undefined
      const hash = verdict === "outdated" ? await this.#renewHash(user, password) : user.passwordHash
      return this.#openWhile(user, false, address, async (present) => present.passwordHash === hash)
    })
  }

  /** Without a session. Who has no password yet shows the token. @throws ServiceError `login_refused`, `too_many`. */
  async identify(name: string, password: string, { address }: LoginOrigin): Promise<Actor> {
    const { stores, passwords } = this.#context
    const doer = { userId: null, name, address }
    return this.#attempt(`user ${name}`, doer, "login", async () => {
      const user = await stores.users.byName(name.slice(0, 256))
      const given = password.slice(0, longestSecret + 1)
      const verdict = await passwords.verify(given, user?.passwordHash)
      if (user === undefined || user.disabled) return undefined
      if (user.passwordHash === null && user.name === firstUserName) return this.#byToken(user, given, address)
      return verdict === "wrong" ? undefined : actorWithPassword(user, false, address)
    })
  }

  /** Whether somebody who came by `identify` is still who it was: role and password are the same. */
  async stands(actor: Actor): Promise<boolean> {
    const user = await this.#context.stores.users.get(actor.userId)
    return user !== undefined && !user.disabled && user.role === actor.role && credentialOf(user) === actor.credentialId
  }

  async #byToken(user: WebUser, token: string, address: string): Promise<Actor | undefined> {
    const right = await this.#token.verify(token)
    if (right === undefined || (right.known && !this.#opensSetup(undefined))) return undefined
    return actorWithPassword(user, right.known, address)
  }

  /** @throws ServiceError `forbidden`, `invalid`, `conflict`. */
  async changeToken(actor: Actor, next: string): Promise<LoggedIn> {
    if (actor.via !== "session" || actor.role !== "admin") {
      throw new ServiceError("forbidden", "only an administrator who is logged in can change the token")
    }
    await this.#token.change(next)
    await this.#sessions.endAll()
    const user = await this.#context.stores.users.get(actor.userId)
    if (user === undefined || user.disabled) throw new ServiceError("unauthenticated", "this account has ended")
    await this.#context.trail.ok(actor, "token.change", firstUserName)
    return this.#sessions.open(user, false, actor.address)
  }

  /** Who has no password yet, and came in by the token, shows that. @throws ServiceError `login_refused`, `invalid`, `too_many`. */
  async changePassword(actor: Actor, current: string, next: string): Promise<LoggedIn> {
    requirePerson(actor)
    const { stores, passwords, trail, now } = this.#context
    const user = await stores.users.get(actor.userId)
    if (user === undefined || user.disabled) throw new ServiceError("unauthenticated", "this account has ended")
    await this.#attempt(`user ${user.name}`, actor, "password.change", async () => {
      const given = current.slice(0, longestSecret + 1)
      if (user.passwordHash === null && user.name === firstUserName) return this.#token.verify(given)
      return (await passwords.verify(given, user.passwordHash)) === "wrong" ? undefined : true
    })
    this.#users.checkPassword(next, user.name)
    if (next === current) throw new ServiceError("invalid", "this is the present password; choose another")
    await stores.users.update(user.id, { passwordHash: await passwords.hash(next) }, now())
    await this.#sessions.endAllOf(user.id)
    await trail.ok(actor, "password.change", user.name)
    return this.#sessions.open(user, false, actor.address)
  }

  /** Runs one guess under backoff; undefined is a wrong one. Refusals say the same whatever was wrong. */
  async #attempt<Result>(
    account: string,
    doer: { readonly userId: number | null; readonly name: string; readonly address: string },
    action: string,
    guess: () => Promise<Result | undefined>,
  ): Promise<Result> {
    const attempt: Attempt = this.#context.backoff.begin(account, doer.address)
    let result: Result | undefined
    try {
      result = await guess()
    } catch (error) {
      attempt.dropped()
      throw error
    }
    if (result === undefined) {
      attempt.failed()
      await this.#context.trail.refused(doer, action, doer.name)
      throw new ServiceError("login_refused", action === "login" ? "the login was refused" : "the present password is wrong")
    }
    attempt.succeeded()
    return result
  }

  /** A session, unless what it rests on was changed while it was being checked. */
  async #openWhile(
    user: WebUser,
    mustChange: boolean,
    address: string,
    stillHolds: (present: WebUser) => Promise<boolean>,
  ): Promise<LoggedIn | undefined> {
    const opened = await this.#sessions.open(user, mustChange, address)
    const present = await this.#context.stores.users.get(user.id)
    if (present === undefined || present.disabled || !(await stillHolds(present))) {
      await this.#sessions.end(opened.actor.credentialId)
      return undefined
    }
    await this.#context.trail.ok(opened.actor, "login", user.name)
    return opened
  }

  /** Hashes of an older cost are made anew as soon as their password is at hand. */
  async #renewHash(user: WebUser, password: string): Promise<string> {
    const passwordHash = await this.#context.passwords.hash(password)
    await this.#context.stores.users.update(user.id, { passwordHash }, this.#context.now())
    return passwordHash
  }

  #opensSetup(given: string | undefined): boolean {
    const expected = this.#context.settings.setupCode
    return expected === undefined || timingSafeEqual(digestOf(given ?? ""), digestOf(expected))
  }
}

function actorWithPassword(user: WebUser, mustChange: boolean, address: string): Actor {
  const { id: userId, name, role } = user
  return { userId, name, role, via: "password", mustChange, credentialId: credentialOf(user), address }
}

/** The account as it is now: every change of it makes another. */
function credentialOf({ id, updatedAt }: WebUser): string {
  return `password of ${id} at ${updatedAt}`
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}
