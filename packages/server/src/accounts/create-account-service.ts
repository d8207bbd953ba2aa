import { ServiceError } from "../errors/service-error.ts"
import { type AccountServiceOptions, createAccountContext } from "./account-context.ts"
import type { AccountService } from "./account-service.ts"
import { ApiKeys, keyIdOf } from "./api-keys.ts"
import { Bearers } from "./bearers.ts"
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
  const bearers = new Bearers(context, keys, sessions)

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
    byPassword: async (name, password, origin) => {
      if (keyIdOf(password) === undefined) return logins.identify(name, password, origin)
      const actor = await bearers.find(password, origin.address)
      if (actor === undefined || actor.name !== name) throw new ServiceError("login_refused", "the login was refused")
      return actor
    },
    isStillValid: async (actor) => {
      if (actor.via === "terminal") return true
      if (actor.via === "session") return sessions.stands(actor)
      if (actor.via === "password") return logins.stands(actor)
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
