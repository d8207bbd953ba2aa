import { ServiceError } from "../errors/service-error.ts"
import { type AccountContext, type AccountServiceOptions, createAccountContext } from "./account-context.ts"
import type { AccountService, JobTicket } from "./account-service.ts"
import type { Actor } from "./actor.ts"
import { ApiKeys, keyIdOf } from "./api-keys.ts"
import { JobTickets } from "./job-tickets.ts"
import { Logins } from "./logins.ts"
import { requireScope } from "./rights.ts"
import { Sessions } from "./sessions.ts"
import { StoredToken } from "./stored-token.ts"
import { Users } from "./users.ts"

/** Logins, sessions, keys, tickets and users over the stores of one database. */
export function createAccountService(options: AccountServiceOptions): AccountService {
  const context = createAccountContext(options)
  const { live, trail, stores } = context
  const users = new Users(context)
  const sessions = new Sessions(context)
  const token = new StoredToken(context)
  const keys = new ApiKeys(context)
  const logins = new Logins(context, users, sessions, token)
  const bearers = new Bearers(context, keys)

  return {
    initialise: async () => {
      await users.first()
      await token.initialise()
      return (await token.isKnown()) ? [defaultTokenNotice(options.settings.setupCode !== undefined)] : []
    },

    loginWithToken: (given, origin, setupCode) => logins.withToken(given, origin, setupCode),
    loginWithPassword: (name, password, origin) => logins.withPassword(name, password, origin),
    logout: async (actor) => {
      if (actor.via !== "session") return
      await sessions.end(actor.credentialId)
      await trail.ok(actor, "logout", actor.name)
    },

    bySession: (sessionId, address) => sessions.find(sessionId, address),
    byBearer: (bearer, address) => bearers.find(bearer, address),
    isStillValid: async (actor) => {
      if (actor.via === "terminal") return true
      if (actor.via === "session") return sessions.stands(actor)
      return actor.via === "key" ? keys.stands(actor) : bearers.ticketStands(actor)
    },
    onEnded: (listener) => live.onEnded(listener),

    changeToken: (actor, next) => logins.changeToken(actor, next),
    resetToken: async () => {
      const next = context.randomBytes(24).toString("base64url")
      await users.restoreFirst()
      await token.set(next)
      await sessions.endAll()
      await trail.ok({ userId: null, name: "terminal", address: "" }, "token.reset", "all sessions ended")
      return next
    },
    changePassword: (actor, current, next) => logins.changePassword(actor, current, next),

    createKey: (actor, key) => keys.create(actor, key),
    listKeys: (actor) => keys.list(actor),
    removeKey: (actor, id) => keys.remove(actor, id),

    listUsers: (actor) => users.list(actor),
    createUser: (actor, user) => users.create(actor, user),
    updateUser: (actor, id, changes) => users.update(actor, id, changes),
    removeUser: (actor, id) => users.remove(actor, id),

    issueTicket: (actor, jobId) => bearers.issueTicket(actor, jobId),
    audit: async (actor, query) => {
      requireScope(actor, "admin")
      return stores.audit.list(query)
    },
  }
}

function defaultTokenNotice(needsSetupCode: boolean): string {
  return needsSetupCode
    ? "The default token is still in force: log in with it and the setup code, and change it."
    : "The default token is still in force, and whoever logs in first owns this server: log in and change it now. Was it somebody else? `entrepot admin reset-token` takes it back."
}

/** What stands behind `Authorization: Bearer`: keys and tickets, told apart by their shape. */
class Bearers {
  readonly #context: AccountContext
  readonly #keys: ApiKeys
  readonly #tickets: JobTickets

  constructor(context: AccountContext, keys: ApiKeys) {
    this.#context = context
    this.#keys = keys
    this.#tickets = new JobTickets({ secrets: context.settings.serverSecrets, now: context.now })
  }

  async find(bearer: string, address: string): Promise<Actor | undefined> {
    const keyId = keyIdOf(bearer)
    const isTicket = bearer.split(".", 4).length === 3
    const account = keyId === undefined ? (isTicket ? "ticket" : "bearer") : `key ${keyId}`
    const attempt = this.#context.backoff.glance(account, address)
    let answer: { readonly isOurs: boolean; readonly actor: Actor | undefined }
    try {
      if (keyId !== undefined) answer = await this.#keys.find(bearer, address)
      else answer = isTicket ? await this.#findTicket(bearer, address) : { isOurs: false, actor: undefined }
    } catch (error) {
      attempt.dropped()
      throw error
    }
    if (answer.actor) attempt.succeeded()
    else if (answer.isOurs) attempt.dropped()
    else {
      attempt.failed()
      await this.#context.trail.refused({ userId: null, name: account, address }, "login", account)
    }
    return answer.actor
  }

  async issueTicket(actor: Actor, jobId: number): Promise<JobTicket> {
    requireScope(actor, "jobs:read")
    const user = await this.#context.stores.users.get(actor.userId)
    if (user === undefined || user.disabled) throw new ServiceError("unauthenticated", "this account has ended")
    return this.#tickets.sign({
      id: this.#context.randomBytes(16).toString("base64url"),
      userId: user.id,
      userVersion: user.updatedAt,
      jobId,
      keyId: actor.via === "key" ? actor.credentialId : undefined,
    })
  }

  /** Whether a ticket that came in here still opens its job. */
  async ticketStands(actor: Actor): Promise<boolean> {
    const live = this.#context.live.get(actor.credentialId)
    if (live?.expiresAt === undefined || this.#context.now() >= live.expiresAt) return false
    const user = await this.#context.stores.users.get(actor.userId)
    return user !== undefined && !user.disabled && user.role === actor.role
  }

  async #findTicket(bearer: string, address: string): Promise<{ readonly isOurs: boolean; readonly actor: Actor | undefined }> {
    const claims = await this.#tickets.verify(bearer)
    if (claims === "forged" || claims === "ended") return { isOurs: claims === "ended", actor: undefined }
    const user = await this.#context.stores.users.get(claims.userId)
    const holds = user !== undefined && !user.disabled && user.updatedAt === claims.userVersion
    if (!holds || (claims.keyId !== undefined && !(await this.#keyStands(claims.keyId))))
      return { isOurs: true, actor: undefined }
    this.#context.live.note(claims.id, { userId: user.id, via: "ticket", expiresAt: claims.expiresAt })
    const actor: Actor = {
      userId: user.id,
      name: user.name,
      role: user.role,
      via: "ticket",
      scopes: ["jobs:read"],
      mustChange: false,
      credentialId: claims.id,
      jobId: claims.jobId,
      address,
    }
    return { isOurs: true, actor }
  }

  async #keyStands(id: string): Promise<boolean> {
    const key = await this.#context.stores.apiKeys.get(id)
    return key !== undefined && (key.expiresAt === null || this.#context.now() < key.expiresAt)
  }
}
